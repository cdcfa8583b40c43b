//! Findings in Sanctum's programs.

use thaw_tests::{SOL, Setup, World, sums::is_not_below};

/// A flash loan from the pool itself moved the price that an exit paid. Here a deposit that only
/// lowers the fee of an exit in the same transaction costs more than it saves, at any size.
#[test]
fn u01_the_fee_of_an_instant_exit_is_not_bought_down_in_one_transaction() {
    for loan in [1, 10, 100, 1_000, 10_000] {
        let (mut world, seller) = World::warm(Setup::default(), 3_000 * SOL);
        world.begin_epoch();
        let lender = world.holder(20_000 * SOL);
        let shares = world.liquid_shares() * 9 / 10;
        let alone = world.instant_exit(shares).net();
        let (before, then) = (world.pool(), world.now());

        let [mine, yours] = [&seller, &lender].map(|holder| world.lamports(&holder.address()));
        let borrowed = world.bought(loan * SOL, false).shares;
        let pool = world.pool;
        let (owner, other) = (seller.address(), lender.address());
        let sandwich = [
            pool.deposit_sol(&other, &lender.tokens, loan * SOL, 0),
            pool.withdraw_instant(&seller.tokens, &owner, &owner, shares, 0),
            pool.withdraw_instant(&lender.tokens, &other, &other, borrowed, 0),
        ];
        let outcome = world.send(&sandwich, &[&seller.key, &lender.key]);
        if outcome.is_err() {
            // More than is liquid: nothing of it happened.
            assert_eq!(world.lamports(&other), yours);
            continue;
        }
        assert_eq!(world.tokens(&lender.tokens), 0);
        let got = world.lamports(&owner) - mine;
        let cost = yours - world.lamports(&other);
        assert!(got.saturating_sub(cost) <= alone, "{loan}: {got} for {cost}, {alone} alone");
        assert!(is_not_below((&world.pool(), world.now()), (&before, then)), "INV-4");
        world.assert_books();
    }
}
