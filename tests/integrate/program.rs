//! What a program reads of a pool, without Anchor.

use anchor_lang::prelude::Pubkey;
use thaw_client::interface;
use thaw_tests::{SOL, Setup, World};

// region: in-place
/// What `shares` of a listed pool are worth in a program, lamports, rounded down. The account is
/// looked at where it is. `None` where it is not the pool, or was not finalized in `epoch` or the one
/// before.
fn worth(
    listed: &Pubkey,
    (key, owner, data): (&Pubkey, &Pubkey, &[u8]),
    epoch: u64,
    shares: u64,
) -> Option<u64> {
    use interface::{Account, Pool};
    let is_pool = key == listed && *owner == interface::ID;
    let pool = Pool::view(data).ok().filter(|pool| is_pool && pool.version == 1)?;
    if epoch.saturating_sub(pool.epoch) > 1 {
        return None;
    }
    let product = u128::from(shares) * u128::from(pool.nav_lamports);
    u64::try_from(product.checked_div(pool.shares.into())?).ok()
}
// endregion

#[test]
fn reads_a_pool_in_place() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    let key = world.pool.pool;
    let ask = |world: &World, key: &Pubkey, owner: &Pubkey| {
        let account = world.svm.get_account(&world.pool.pool).unwrap();
        worth(&world.pool.pool, (key, owner, &account.data), world.clock().epoch, 7 * SOL)
    };
    let program = interface::ID;
    assert_eq!(ask(&world, &key, &program), Some(world.worth(7 * SOL)));
    let stranger = Pubkey::new_unique();
    assert_eq!(ask(&world, &stranger, &program), None);
    assert_eq!(ask(&world, &key, &stranger), None);
    world.skip_epochs(1);
    assert!(ask(&world, &key, &program).is_some());
    world.skip_epochs(1);
    assert_eq!(ask(&world, &key, &program), None);
}
