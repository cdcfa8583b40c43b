//! The incident of Solido: $24.4M of a pool that nobody maintained any more were stuck when the stake
//! program began to ask for something new.

use solana_keypair::Keypair;
use thaw_client::thaw::{constants::ABANDONED_SECONDS, error::ThawError, state::STAKE_PROGRAM};
use thaw_tests::{
    SOL, Setup, World,
    chain::{RENT_LEVELS, machine_with, stake_program},
    checks::refuses,
    sums::down,
};

/// Every key is lost, nobody cranks for more than a month, the stake program is replaced and rent
/// goes to another level. A stranger with a few cents pays every holder out to the last lamport.
#[test]
fn l07_a_pool_that_nobody_maintains_pays_everybody() {
    for rent in RENT_LEVELS {
        let svm = machine_with("5.0.0", 5_080);
        let (mut world, first) = World::warm_in(svm, Setup::default(), 2_000 * SOL);
        let second = world.holder(2_000 * SOL);
        world.deposit(&second, 1_000 * SOL).unwrap();
        world.crank_epoch();
        let mut holders = [first, second];
        let shares = world.tokens(&holders[0].tokens) / 2;
        let early = world.request(&mut holders[0], shares).unwrap();
        for key in [&mut world.admin, &mut world.operator, &mut world.guardian] {
            *key = Keypair::new();
        }

        world.go_to_time(world.pool().finalized_at + ABANDONED_SECONDS + 1);
        world.svm.add_program(STAKE_PROGRAM, &stake_program("5.1.0")).unwrap();
        world.set_rent(rent);
        let stranger = world.wallet(SOL);
        world.payer = stranger.insecure_clone();
        world.wind_down(&stranger).unwrap();
        refuses(world.deposit(&holders[0], SOL), ThawError::WindingDown);

        let wallets = [0, 1].map(|place| world.lamports(&holders[place].address()));
        let mut tickets = vec![(0, early)];
        for (place, holder) in holders.iter_mut().enumerate() {
            let shares = world.tokens(&holder.tokens);
            tickets.push((place, world.request(holder, shares).unwrap()));
        }
        let all = world.pool().shares;
        let mut least = [0, 0];
        for (place, ticket) in &tickets {
            let shares = world.ticket(ticket).unwrap().shares;
            // One lamport for the settlement's and one for the claim's rounding.
            least[*place] += down(shares, world.nav(), all) - 2;
        }
        // What rent takes from the reserve and the slots, should it have risen, all holders bear.
        let slots = u64::from(world.pool().open_slots) * world.slot_rent();
        for _ in 0..3 {
            world.crank_epoch();
        }
        for (_, ticket) in &tickets {
            world.push_claim(ticket).unwrap();
        }
        for place in [0, 1] {
            let paid = world.lamports(&holders[place].address()) - wallets[place];
            assert!(paid + slots >= least[place], "rent {rent}: {paid} of {}", least[place]);
            assert_eq!(world.tokens(&holders[place].tokens), 0);
        }
        let left = 10 * SOL + world.pool().fee_shares_owed;
        assert_eq!(world.pool().shares, left, "the bootstrap deposit's and the treasury's");
        world.assert_books();
    }
}
