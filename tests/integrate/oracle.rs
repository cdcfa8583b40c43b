//! A price read from bytes, without any crate of ours.

use anchor_lang::prelude::Pubkey;
use thaw_client::thaw;
use thaw_tests::{DAY, SOL, Setup, World};

// region: raw-rate
/// The first bytes of a pool: its type and its layout's version.
const POOL: [u8; 9] = [241, 154, 109, 4, 17, 177, 109, 188, 1];

/// Lamports per share, as the pool wrote it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RawRate {
    nav_lamports: u64,
    shares: u64,
    updated_at: i64,
    finalized_at: i64,
}

impl RawRate {
    /// `None` where this is no pool of the program, or one without a price. The caller compares the
    /// account's address with the one it lists: anybody can open a pool.
    fn read(owner: &Pubkey, program: &Pubkey, data: &[u8]) -> Option<Self> {
        if owner != program || !data.starts_with(&POOL) {
            return None;
        }
        let word = |at: usize| Some(u64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?));
        let rate = Self {
            nav_lamports: word(48)?,
            shares: word(56)?,
            updated_at: word(80)? as i64,
            finalized_at: word(184)? as i64,
        };
        (rate.nav_lamports > 0 && rate.shares > 0).then_some(rate)
    }

    /// What `shares` are worth, lamports, rounded down.
    fn value(&self, shares: u64) -> Option<u64> {
        let value = u128::from(shares) * u128::from(self.nav_lamports) / u128::from(self.shares);
        u64::try_from(value).ok()
    }

    /// Whether the last finalize is at most `seconds` old at `now`.
    fn is_fresh(&self, now: i64, seconds: i64) -> bool {
        now.saturating_sub(self.finalized_at) <= seconds
    }
}
// endregion

fn read(world: &World) -> RawRate {
    let account = world.svm.get_account(&world.pool.pool).unwrap();
    RawRate::read(&account.owner, &thaw::ID, &account.data).unwrap()
}

/// Never above what the program pays, and equal after each write. Only a loss lowers it (INV-4).
#[test]
fn is_a_floor_of_the_rate() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    let shares = 1_000 * SOL;
    let mut last = read(&world).value(shares).unwrap();
    let mut rose = 0;
    for _ in 0..4 {
        world.next_epoch();
        world.pay_rewards(5_000);
        world.sync().unwrap();
        world.finalize().unwrap();
        for part in [20, 50, 90] {
            world.go_to(part);
            let raw = read(&world);
            assert!(raw.value(shares).unwrap() <= world.worth(shares));
            world.deposit(&holder, SOL).unwrap();
            let written = read(&world);
            assert_eq!(written.value(shares).unwrap(), world.worth(shares));
            assert_eq!(written.updated_at, world.now());
            assert!(written.value(shares).unwrap() >= last, "INV-4");
            rose += u32::from(written.value(shares).unwrap() > last);
            last = written.value(shares).unwrap();
        }
    }
    assert!(rose > 6);
    // What is not read for a day is behind by what one epoch earned, here 2 bp, and no more.
    world.next_epoch();
    let behind = world.worth(shares) - read(&world).value(shares).unwrap();
    assert!(behind > 0 && behind <= world.worth(shares) / 5_000, "{behind}");

    world.slash(0, 100 * SOL);
    assert_eq!(read(&world).value(shares).unwrap(), last, "nobody has booked the loss");
    world.sync().unwrap();
    assert!(read(&world).value(shares).unwrap() < last * 98 / 100);
}

#[test]
fn tells_a_pool_that_nobody_finalizes() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    world.begin_epoch();
    let begun = world.now();
    assert!(read(&world).is_fresh(begun + DAY * 3 / 2, DAY * 3 / 2));
    world.skip_epochs(2);
    assert!(!read(&world).is_fresh(world.now(), DAY * 3 / 2));
}

#[test]
fn takes_nothing_else_for_a_pool() {
    let mut world = World::new();
    let account = world.svm.get_account(&world.pool.pool).unwrap();
    let (owner, data) = (account.owner, account.data);
    assert!(RawRate::read(&owner, &thaw::ID, &data).is_some());
    assert!(RawRate::read(&Pubkey::new_unique(), &thaw::ID, &data).is_none());
    assert!(RawRate::read(&owner, &thaw::ID, &data[..191]).is_none());
    let list = world.svm.get_account(&world.pool.validators).unwrap();
    assert!(RawRate::read(&list.owner, &thaw::ID, &list.data).is_none());
    let assets = world.assets();
    world.change_pool(|pool| pool.nav_lamports = 0);
    let worthless = world.svm.get_account(&world.pool.pool).unwrap();
    assert!(assets > 0 && RawRate::read(&owner, &thaw::ID, &worthless.data).is_none());
}
