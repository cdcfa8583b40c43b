//! Vote accounts in all layouts, and odd ones: in which epochs the program finds votes.

use anchor_lang::prelude::Pubkey;
use serde_json::{Map, Value, json};
use solana_account::Account;
use solana_rent::Rent;
use thaw_client::votes::vote_account;
use thaw_tests::votes::{Layout, VoteSpec};

use super::json;

/// Epochs that are looked for; some are in no history.
const EPOCHS: std::ops::Range<u64> = 95..103;

pub fn entries() -> Map<String, Value> {
    let vote = Pubkey::new_from_array([7; 32]);
    let account = |spec: &VoteSpec| spec.account(&vote, &Rent::default());
    let layout = |layout, has_bls_key| {
        // In one epoch it voted without earning, in one it has the two entries of a migration.
        let credits = vec![
            (96, 900, 300),
            (98, 900, 900),
            (99, 1_700, 900),
            (u64::MAX, 5, 0),
            (99, 5, 5),
            (101, 40, 5),
        ];
        account(&VoteSpec { layout, has_bls_key, credits, ..VoteSpec::default() })
    };
    let whole = layout(Layout::V4, true);
    let with = |change: &dyn Fn(&mut Account)| {
        let mut changed = whole.clone();
        change(&mut changed);
        changed
    };
    [
        ("layout of 1.14.11", layout(Layout::V1_14_11, false)),
        ("layout 3", layout(Layout::V3, false)),
        ("layout 4 without a key", layout(Layout::V4, false)),
        ("cut off", with(&|it| it.data.truncate(400))),
        ("of another program", with(&|it| it.owner = vote)),
        ("of an unknown layout", with(&|it| it.data[0] = 9)),
        ("with a flag that is none", with(&|it| it.data[144] = 2)),
        ("with more votes than bytes", with(&|it| it.data[193..201].fill(0xff))),
        ("without history", account(&VoteSpec::default())),
        ("layout 4", whole.clone()),
    ]
    .into_iter()
    .map(|(name, account)| {
        let found = vote_account(Some(&account));
        let voted = found.view().map(|view| {
            EPOCHS
                .filter(|epoch| view.voted_in(*epoch))
                .map(|epoch| epoch.to_string())
                .collect::<Vec<_>>()
        });
        let entry = json!({ "account": json::account(&account, usize::MAX), "voted": voted });
        (name.into(), entry)
    })
    .collect()
}
