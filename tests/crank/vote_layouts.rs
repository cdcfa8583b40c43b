//! Vote accounts read by hand, against what the vote program's own types write.

use anchor_lang::prelude::Pubkey;
use proptest::prelude::*;
use solana_rent::Rent;
use solana_vote_interface::{
    authorized_voters::AuthorizedVoters,
    state::{BlockTimestamp, LandedVote, Lockout, VoteStateVersions},
};
use thaw_client::thaw::{
    constants::VOTE_PROGRAM,
    state::{EpochCredits, STAKE_PROGRAM, Seat, VoteAccount, VoteView},
};
use thaw_tests::votes::{
    Layout::{self, V1_14_11, V3, V4},
    VoteSpec,
};

const LAYOUTS: [Layout; 3] = [V1_14_11, V3, V4];
const SENTINEL: (u64, u64, u64) = (u64::MAX, u64::MAX, u64::MAX);

/// A history as long as the vote program keeps it.
fn long_history() -> Vec<(u64, u64, u64)> {
    (0..64).map(|epoch| (900 + epoch, epoch * 432_000 + 17, epoch * 400_000)).collect()
}

/// The bytes of a vote account with everything that varies in length: `votes` of them, a root,
/// `voters`.
fn bytes(spec: &VoteSpec, votes: u32, root_slot: Option<u64>, voters: u64) -> Vec<u8> {
    let lockout = |count| Lockout::new_with_confirmation_count(77, count);
    let landed = |count| LandedVote { latency: 3, lockout: lockout(count) };
    let last_timestamp = BlockTimestamp { slot: 5, timestamp: -6 };
    let mut authorized_voters = AuthorizedVoters::default();
    (0..voters).for_each(|epoch| authorized_voters.insert(epoch, Pubkey::new_unique()));
    let mut state = spec.state(&Pubkey::new_unique());
    match &mut state {
        VoteStateVersions::V1_14_11(state) => {
            state.votes = (1..=votes).map(lockout).collect();
            (state.root_slot, state.last_timestamp) = (root_slot, last_timestamp);
            state.authorized_voters = authorized_voters;
            state.prior_voters.append((Pubkey::new_unique(), 1, 2));
        }
        VoteStateVersions::V3(state) => {
            state.votes = (1..=votes).map(landed).collect();
            (state.root_slot, state.last_timestamp) = (root_slot, last_timestamp);
            state.authorized_voters = authorized_voters;
            state.prior_voters.append((Pubkey::new_unique(), 1, 2));
        }
        VoteStateVersions::V4(state) => {
            state.votes = (1..=votes).map(landed).collect();
            (state.root_slot, state.last_timestamp) = (root_slot, last_timestamp);
            state.authorized_voters = authorized_voters;
            state.block_revenue_commission_bps = 9_999;
            state.pending_delegator_rewards = u64::MAX;
        }
        VoteStateVersions::Uninitialized => unreachable!("no spec makes one"),
    }
    bincode::serialize(&state).unwrap()
}

/// The history as read.
fn credits(view: &VoteView) -> Vec<(u64, u64, u64)> {
    let tuple = |entry: EpochCredits| (entry.epoch, entry.credits, entry.credits_before);
    view.credits().map(tuple).collect()
}

#[test]
fn every_layout_is_read_whatever_its_lists_hold() {
    for layout in LAYOUTS {
        for (votes, root_slot, voters) in [(0, None, 1), (31, Some(u64::MAX), 3), (7, Some(0), 2)] {
            for history in [vec![], vec![(5, 4, 3)], long_history()] {
                let spec = VoteSpec {
                    layout,
                    commission_bps: 700,
                    has_bls_key: layout == V4,
                    credits: history.clone(),
                    ..VoteSpec::default()
                };
                let data = bytes(&spec, votes, root_slot, voters);
                let view = VoteView::parse(&data).unwrap();
                assert_eq!(view.commission_bps, 700, "{layout:?}");
                assert_eq!(view.has_bls_key, layout == V4, "{layout:?}");
                assert_eq!(credits(&view), history, "{layout:?}");
            }
        }
    }
}

#[test]
fn commissions_are_basis_points() {
    let read = |layout, commission_bps, has_bls_key| {
        let spec = VoteSpec { layout, commission_bps, has_bls_key, ..VoteSpec::default() };
        let view = VoteView::parse(&bytes(&spec, 31, None, 1)).map(|view| {
            (view.commission_bps, view.has_bls_key) //
        });
        view.unwrap()
    };
    assert_eq!(read(V4, 1_234, true), (1_234, true));
    assert_eq!(read(V4, 10_000, false), (10_000, false));
    assert_eq!(read(V3, 10_000, true), (10_000, false), "100 per cent");
    assert_eq!(read(V1_14_11, 25_500, true), (25_500, false), "the largest byte");
}

#[test]
fn an_account_as_long_as_the_vote_program_makes_it_is_read_and_no_shorter_state() {
    for layout in LAYOUTS {
        let spec = VoteSpec { layout, credits: long_history(), ..VoteSpec::default() };
        let mut data = bytes(&spec, 31, Some(9), 2);
        let state = data.len();
        let longest = spec.account(&Pubkey::new_unique(), &Default::default()).data.len();
        assert!(state <= longest, "{layout:?}: {state} of {longest}");
        data.resize(longest, 0);
        for length in 0..=longest {
            let is_read = VoteView::parse(&data[..length]).is_some();
            assert_eq!(is_read, length >= state, "{layout:?}: {length} of {state} bytes");
        }
    }
}

#[test]
fn what_is_odd_anywhere_is_unknown() {
    assert_eq!(VoteView::parse(&[0; 3_762]), None, "zeros");
    for layout in LAYOUTS {
        let spec = VoteSpec { layout, credits: vec![(1, 2, 3)], ..VoteSpec::default() };
        let data = bytes(&spec, 2, Some(9), 1);
        for tag in (0..=255u32).chain([u32::MAX, 1 << 8, 1 << 24]).filter(|tag| *tag > 3) {
            let mut other = data.clone();
            other[..4].copy_from_slice(&tag.to_le_bytes());
            assert_eq!(VoteView::parse(&other), None, "tag {tag}");
        }
        assert_eq!(VoteView::parse(&bytes(&spec, 2, None, 0)), None, "nobody may vote");

        let votes_at = if layout == V4 { 145 + 48 } else { 69 };
        let vote_bytes = if layout == V1_14_11 { 12 } else { 13 };
        let root_at = votes_at + 8 + 2 * vote_bytes;
        let voters_at = root_at + 9;
        let credits_at = voters_at + 8 + 40 + if layout == V4 { 0 } else { 1_545 };
        for count_at in [votes_at, voters_at, credits_at] {
            for count in [u64::MAX, u64::MAX / 12, u64::MAX / 24 + 1, 1 << 32, 1_000] {
                let mut other = data.clone();
                other[count_at..count_at + 8].copy_from_slice(&count.to_le_bytes());
                assert_eq!(VoteView::parse(&other), None, "count {count} at {count_at}");
            }
        }
        let mut flags = vec![root_at];
        flags.push(if layout == V4 { 144 } else { credits_at - 1 });
        for flag_at in flags {
            let mut other = data.clone();
            assert!(other[flag_at] < 2, "a flag is at {flag_at}");
            other[flag_at] = 2;
            assert_eq!(VoteView::parse(&other), None, "flag at {flag_at}");
        }
    }
}

#[test]
fn owner_and_tag_tell_a_vote_account_from_what_is_left_of_one() {
    let data = bytes(&VoteSpec::default(), 0, None, 1);
    let system = Pubkey::default();
    assert!(matches!(VoteAccount::read(&VOTE_PROGRAM, &data), VoteAccount::Known(_)));
    assert_eq!(VoteAccount::read(&system, &[]), VoteAccount::Closed);
    assert_eq!(VoteAccount::read(&STAKE_PROGRAM, &data), VoteAccount::Closed, "another's");
    for kept_alive in [&[0; 3_762][..], &[], &[1, 0, 0]] {
        let account = VoteAccount::read(&VOTE_PROGRAM, kept_alive);
        assert_eq!((account, account.view()), (VoteAccount::Closed, None));
    }
    for tag in [4, 5, u32::MAX] {
        let mut later = data.clone();
        later[..4].copy_from_slice(&u32::to_le_bytes(tag));
        let account = VoteAccount::read(&VOTE_PROGRAM, &later);
        assert_eq!((account, account.view()), (VoteAccount::Unknown, None), "tag {tag}");
    }
}

/// The head of the data is enough, and says the same as all of it.
#[test]
fn a_seat_takes_a_key_and_a_ticket_beyond_rent() {
    let rent = Rent::default();
    let least = Seat::least_lamports(&rent);
    assert_eq!(least, rent.minimum_balance(3_762) + 800_000_000);
    for (layout, has_bls_key) in [(V4, true), (V4, false), (V3, true), (V1_14_11, true)] {
        let spec = VoteSpec { layout, has_bls_key, ..VoteSpec::default() };
        let data = bytes(&spec, 31, None, 1);
        let seat = Seat::read(&VOTE_PROGRAM, least, &data);
        assert_eq!(seat, Seat::read(&VOTE_PROGRAM, least, &data[..Seat::HEAD_BYTES]));
        assert_eq!(seat.can_be_admitted(&rent), layout == V4 && has_bls_key, "{layout:?}");
        assert!(!Seat { lamports: least - 1, ..seat }.can_be_admitted(&rent));
        assert!(!Seat::read(&STAKE_PROGRAM, least, &data).can_be_admitted(&rent));
    }
    // A later layout may hold its key anywhere.
    let later = [4, 0, 0, 0];
    assert!(Seat::read(&VOTE_PROGRAM, least, &later).can_be_admitted(&rent));
    assert!(!Seat::read(&VOTE_PROGRAM, least, &[0; 3_762]).can_be_admitted(&rent));
    let tickets = |lamports| Seat::read(&VOTE_PROGRAM, lamports, &later).tickets(&rent);
    assert_eq!([0, least - 1, least, least + 1_600_000_000].map(tickets), [0, 0, 1, 3]);
}

/// True where a vote account with this history earned in `epoch`.
fn earned(history: &[(u64, u64, u64)], epoch: u64) -> bool {
    let spec = VoteSpec { credits: history.to_vec(), ..VoteSpec::default() };
    VoteView::parse(&bytes(&spec, 0, None, 1)).unwrap().earned_in(epoch)
}

#[test]
fn an_epoch_earned_where_its_entry_grew() {
    assert!(earned(&[(8, 5, 4), (9, 6, 5)], 9) && earned(&[(8, 5, 4), (9, 6, 5)], 8));
    assert!(!earned(&[], 9));
    assert!(!earned(&[(7, 9, 1), (9, 10, 9)], 8), "a gap");
    assert!(!earned(&[(8, 5, 5)], 8), "an entry that earned nothing");
    assert!(!earned(&[(8, 4, 5)], 8), "one that lost");
}

#[test]
fn alpenglows_migration_is_understood() {
    // The unit changes within epoch 9: the sentinel, a second entry, credits from 0 again.
    let migrated = [(8, 900, 500), (9, 1_000, 900), SENTINEL, (9, 30, 0), (10, 75, 30)];
    for epoch in [8, 9, 10] {
        assert!(earned(&migrated, epoch), "epoch {epoch}");
    }
    assert!(!earned(&migrated, 7) && !earned(&migrated, 11) && !earned(&migrated, u64::MAX));
    // It earned only after the switch, or only before.
    assert!(earned(&[(9, 900, 900), SENTINEL, (9, 30, 0)], 9));
    assert!(earned(&[(9, 901, 900), SENTINEL, (9, 0, 0)], 9));
    assert!(!earned(&[(9, 900, 900), SENTINEL, (9, 0, 0)], 9));
    assert!(!earned(&[(u64::MAX, 5, 1)], u64::MAX), "no epoch, whatever it earned");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_do_no_harm(mut data in proptest::collection::vec(any::<u8>(), 0..4_000),
                               tag in 0u32..5) {
        if let Some(place) = data.first_chunk_mut() {
            *place = tag.to_le_bytes();
        }
        if let Some(view) = VoteView::parse(&data) {
            prop_assert!(view.credits().count() <= data.len() / 24);
            view.earned_in(u64::MAX);
        }
    }

    /// Any few bytes changed in a real account: what can be read at all is read as the vote
    /// program's own types read it.
    #[test]
    fn a_changed_account_is_read_like_the_vote_program_reads_it(
        layout in 0usize..3,
        changes in proptest::collection::vec((0usize..3_762, any::<u8>()), 0..6),
    ) {
        let layout = LAYOUTS[layout];
        let spec = VoteSpec { layout, credits: long_history(), ..VoteSpec::default() };
        let mut data = bytes(&spec, 31, Some(9), 2);
        for (at, value) in changes {
            let length = data.len();
            data[at % length] = value;
        }
        let Some(view) = VoteView::parse(&data) else { return Ok(()) };
        let (bps, key, history) = match VoteStateVersions::deserialize(&data).unwrap() {
            VoteStateVersions::V1_14_11(state) =>
                (u16::from(state.commission) * 100, false, state.epoch_credits.clone()),
            VoteStateVersions::V3(state) =>
                (u16::from(state.commission) * 100, false, state.epoch_credits.clone()),
            VoteStateVersions::V4(state) => (
                state.inflation_rewards_commission_bps,
                state.bls_pubkey_compressed.is_some(),
                state.epoch_credits.clone(),
            ),
            VoteStateVersions::Uninitialized => panic!("an account that is not in use"),
        };
        prop_assert_eq!((view.commission_bps, view.has_bls_key), (bps, key));
        prop_assert_eq!(credits(&view), history);
    }
}
