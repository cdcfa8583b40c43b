//! The operator's instructions, and another pool: each with its prediction.

use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, instructions::Weight};
use thaw_tests::Setup;

use super::{Actor, Done, FEE, Model, Outcome, broken, config};
use crate::reference::Amount;

/// More validators than this only cost time.
const MOST_VALIDATORS: usize = 6;

impl Model {
    pub(super) fn add_validator(&mut self) -> Done {
        let is_ending = self.reference.powers.is_winding_down;
        if is_ending || self.reference.validators.len() >= MOST_VALIDATORS {
            return Done::outside(0);
        }
        let before = self.world.lamports(&self.payer);
        let index = self.world.add_validator();
        let vote = self.world.votes[usize::from(index)];
        let marker = self.world.lamports(&self.world.pool.marker(&vote));
        let paid = Amount::from(before - self.world.lamports(&self.payer));
        self.slots.push(self.world.pool.slots(&vote));
        self.reference.add_validator();
        self.reference.payer -= paid;
        let injected = self.world.lamports(&vote).into();
        let fee = paid - Amount::from(marker);
        Done { injected, fee, ..Done::outside(0) }
    }

    pub(super) fn set_weights(&mut self, weights: &[(u8, u32)]) -> Outcome {
        let count = self.reference.validators.len() as u8 + 1;
        let weights: Vec<(u8, u32)> = weights.iter().map(|(v, it)| (v % count, *it)).collect();
        let predicted = self.reference.attempt(|pool| pool.set_weights(&weights));
        let weight = |(v, weight): &(u8, u32)| Weight { index: (*v).into(), weight: *weight };
        let weights = weights.iter().map(weight).collect();
        let operator = self.world.operator.insecure_clone();
        let instruction = self.world.pool.set_weights(&operator.pubkey(), weights);
        self.send(Actor::Other, &[instruction], &[&operator], predicted)
    }

    /// A second pool in the same world.
    pub(super) fn open_pool(&mut self, bootstrap_lamports: u64, bad: bool) -> Outcome {
        let mut config = config(&self.reference.start);
        if bad {
            config.reward_fee_bps = 1_001;
        }
        let expected = if bootstrap_lamports < 1_000_000_000 {
            Some(ThawError::BootstrapTooSmall)
        } else {
            bad.then_some(ThawError::ConfigOutOfBounds)
        };
        let before = self.world.lamports(&self.payer);
        let setup = Setup { config, validators: 0, bootstrap_lamports };
        let found = self.world.open_pool(&setup);
        let code = found.as_ref().err().and_then(|refused| refused.code());
        if expected.map(thaw_tests::checks::code) != code || expected.is_some() != found.is_err() {
            return broken("reference", format!("initialize: {expected:?} expected, {found:?}"));
        }
        self.reference.payer -= Amount::from(before - self.world.lamports(&self.payer));
        Ok(Done { fee: 2 * FEE, ..Done::outside(0) })
    }
}
