//! What failed once: run first, every time. Each keeps the pool and the operations, not the seed,
//! since a seed draws other operations once the generator has changed.

use crate::{
    ops::{Exits, Min::*, Op::*, Rules, Spoil::*, Start},
    runner::Kept,
};

/// All of them.
pub fn kept() -> Vec<Kept> {
    vec![
        Kept {
            why: "a loss is booked, somebody enters, a gain makes the loss up at the same instant: \
                  the entry rate did not count the loss that may be made up (INV-5)",
            start: Start {
                validators: 3,
                bootstrap_sol: 1000,
                wallet_sol: 3000,
                reward_fee_bps: 0,
                deposit_fee_bps: 0,
                liquidity_bps: 0,
                piece_bps: 45,
                rebalance_bps: 1480,
                window_bps: 10000,
                circuit_bps: 50,
                max_validator_bps: 6000,
                min_validators: 1,
                release_seconds: 43200,
                exits: Exits::USUAL,
                rules: Rules::USUAL,
            },
            ops: vec![
                Epoch { skip: 1, gets_through: 100 },
                Finalize,
                Delegate { v: 2 },
                Slash { v: 2, slot: 0, ppm: 30 },
                Delegate { v: 2 },
                Epoch { skip: 1, gets_through: 100 },
                Reward { v: 2, ppm: 147 },
                Deposit { who: 1, lamports: 1588995687080, min: Quoted, referrer: None },
                Sync { mask: 49828, spoil: Sound },
            ],
        },
        Kept {
            why: "the same, where a finalize finds the gain: rent of the reserve that is free (INV-5)",
            start: Start {
                validators: 4,
                bootstrap_sol: 10,
                wallet_sol: 30000,
                reward_fee_bps: 1000,
                deposit_fee_bps: 0,
                liquidity_bps: 1370,
                piece_bps: 18,
                rebalance_bps: 459,
                window_bps: 2500,
                circuit_bps: 10000,
                max_validator_bps: 10000,
                min_validators: 1,
                release_seconds: 43200,
                exits: Exits::USUAL,
                rules: Rules::USUAL,
            },
            ops: vec![
                Epoch { skip: 1, gets_through: 82 },
                Finalize,
                GoTo { percent: 86 },
                Rent { per_byte: 2540 },
                Delegate { v: 0 },
                Epoch { skip: 1, gets_through: 100 },
                Slash { v: 0, slot: 0, ppm: 142851 },
                Sync { mask: 8719, spoil: Sound },
                Deposit { who: 3, lamports: 30000000000000, min: AnyShares, referrer: None },
                Finalize,
            ],
        },
    ]
}
