//! Findings in the SPL stake pool: what its manager could do to holders at once.

use thaw_client::thaw::{error::ThawError, state::Config};
use thaw_tests::{DAY, SOL, Setup, World, checks::refuses, world::config};

/// One config a fee, each at its cap.
fn dear() -> [(&'static str, Config); 7] {
    let of = config();
    [
        ("reward fee", Config { reward_fee_bps: 1_000, ..of }),
        ("deposit fee", Config { deposit_fee_bps: 50, ..of }),
        ("stake exit fee", Config { stake_withdrawal_fee_bps: 50, ..of }),
        ("least instant fee", Config { instant_fee_min_bps: 300, ..of }),
        ("late exit haircut", Config { stale_haircut_bps: 100, ..of }),
        ("late exits", Config { stale_exit_bps: 0, ..of }),
        ("referral", Config { referral_bps: 10_000, ..of }),
    ]
}

/// What every path pays now, as the program tells it.
fn prices(world: &mut World) -> [Vec<u8>; 2] {
    let pool = world.pool;
    [pool.quote_deposit(SOL), pool.quote_withdraw(SOL)].map(|view| world.returned(view).unwrap())
}

/// Deposit fees rose in the slot before a deposit; a branch skipped the check on one fee. Here every
/// one of them waits, to the last second, across epoch boundaries.
#[test]
fn s12_no_fee_moves_before_its_delay_is_over() {
    let treasury = anchor_lang::prelude::Pubkey::new_unique();
    for (name, dear) in dear() {
        let (mut world, _) = World::warm(Setup::default(), 300 * SOL);
        let before = prices(&mut world);
        world.propose(dear, &treasury).unwrap();
        assert_eq!(prices(&mut world), before, "{name}: proposed");
        let ready_at = world.pool().config_ready_at;
        assert_eq!(ready_at, world.now() + 2 * DAY, "{name}");
        while world.now() + DAY < ready_at {
            world.crank_epoch();
            refuses(world.apply(), ThawError::TooEarly);
        }
        world.go_to_time(ready_at - 1);
        let last = prices(&mut world);
        refuses(world.apply(), ThawError::TooEarly);
        assert_eq!(prices(&mut world), last, "{name}: refused");
        assert_eq!(world.pool().config, config(), "{name}");
        world.wait(1);
        world.apply().unwrap();
        assert_eq!(world.pool().config, dear, "{name}");
    }
}

/// A cap on rises was passed by going up and down, a delay by an epoch's end. Here each proposal
/// starts the whole delay anew, and caps hold for the value itself.
#[test]
fn s06_proposing_again_and_again_shortens_no_delay_and_passes_no_cap() {
    let treasury = anchor_lang::prelude::Pubkey::new_unique();
    let mut world = World::new();
    let [.., dear] = dear().map(|(_, config)| config);
    for turn in 0..8 {
        world.propose(if turn % 2 == 0 { dear } else { config() }, &treasury).unwrap();
        if turn % 3 == 0 {
            world.cancel().unwrap();
            refuses(world.apply(), ThawError::NothingProposed);
            world.propose(dear, &treasury).unwrap();
        }
        assert_eq!(world.pool().config_ready_at, world.now() + 2 * DAY);
        let above = Config { reward_fee_bps: 1_001, ..config() };
        refuses(world.propose(above, &treasury), ThawError::ConfigOutOfBounds);
        world.next_epoch();
        world.finalize().unwrap();
        refuses(world.apply(), ThawError::TooEarly);
        assert_eq!(world.pool().config, config());
    }
}
