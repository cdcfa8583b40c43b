//! Vote accounts in all layouts, and odd ones: what the heads of their data say.

use anchor_lang::prelude::Pubkey;
use serde_json::{Map, Value, json};
use solana_account::Account;
use solana_rent::Rent;
use thaw_client::{
    slots::seat,
    thaw::state::{Seat, VoteAccount},
    votes::vote_account,
};
use thaw_tests::votes::{Layout, VoteSpec};

use super::json;

pub fn entries() -> Map<String, Value> {
    let vote = Pubkey::new_from_array([7; 32]);
    let rent = Rent::default();
    let account = |spec: &VoteSpec| spec.account(&vote, &rent);
    let layout = |layout, has_bls_key| {
        account(&VoteSpec { layout, has_bls_key, commission_bps: 700, ..VoteSpec::default() })
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
        ("layout 4", whole.clone()),
        ("of another program", with(&|it| it.owner = vote)),
        ("of the system program", with(&|it| it.owner = Pubkey::default())),
        ("zeroed", with(&|it| it.data.fill(0))),
        ("without data", with(&|it| it.data.clear())),
        ("of a later layout", with(&|it| it.data[0] = 4)),
        ("of a layout far ahead", with(&|it| it.data[3] = 9)),
        ("with a flag that is none", with(&|it| it.data[144] = 2)),
        ("without rent", with(&|it| it.lamports = 1)),
        ("a lamport short of a ticket", with(&|it| it.lamports = Seat::least_lamports(&rent) - 1)),
        ("with one ticket", with(&|it| it.lamports = Seat::least_lamports(&rent))),
    ]
    .into_iter()
    .map(|(name, account)| {
        let seat = seat(Some(&account));
        let found = vote_account(Some(&account));
        let entry = json!({
            "account": json::account(&account, Seat::HEAD_BYTES),
            "seat": json::seat(&seat),
            "tickets": json::number(seat.tickets(&rent)),
            "canBeAdmitted": seat.can_be_admitted(&rent),
            "isClosed": found == VoteAccount::Closed,
            "commissionBps": found.view().map(|view| view.commission_bps),
        });
        (name.into(), entry)
    })
    .collect()
}
