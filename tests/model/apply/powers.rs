//! What the admin and the guardian may do, and anyone who finishes it: each with its prediction.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::state::Paths;

use super::{Actor, Model, Outcome, config};
use crate::{ops::Start, rng::Rng};

/// Paths from bits.
fn named(bits: u8) -> Paths {
    let is_named = |path: u8| bits >> path & 1 == 1;
    Paths {
        deposit: is_named(0),
        instant_exit: is_named(1),
        stake: is_named(2),
        moves: is_named(3),
    }
}

impl Model {
    pub(super) fn pause(&mut self, paths: u8, seconds: u32) -> Outcome {
        let guardian = self.world.guardian.insecure_clone();
        let instruction = self.world.pool.pause(&guardian.pubkey(), named(paths), seconds);
        let predicted = self.reference.attempt(|pool| pool.pause(paths, seconds));
        self.send(Actor::Other, &[instruction], &[&guardian], predicted)
    }

    pub(super) fn unpause(&mut self, paths: u8, by_admin: bool) -> Outcome {
        let signer = if by_admin { &self.world.admin } else { &self.world.guardian };
        let signer = signer.insecure_clone();
        let instruction = self.world.pool.unpause(&signer.pubkey(), named(paths));
        let predicted = self.reference.attempt(|pool| pool.unpause(paths));
        self.send(Actor::Other, &[instruction], &[&signer], predicted)
    }

    pub(super) fn propose(&mut self, seed: u32, bad: bool) -> Outcome {
        let admin = self.world.admin.insecure_clone();
        let start = Start::draw(&mut Rng::new(seed.into()));
        let mut proposed = config(&start);
        let mut treasury = self.treasury;
        match (bad, seed % 3) {
            (false, _) => {}
            (true, 0) => proposed.reward_fee_bps = 1_001,
            (true, 1) => proposed.stale_exit_bps = 26,
            (true, _) => treasury = Pubkey::default(),
        }
        let predicted = self.reference.attempt(|pool| pool.propose(&start, bad));
        let instruction = self.world.pool.propose_config(&admin.pubkey(), proposed, treasury);
        self.send(Actor::Other, &[instruction], &[&admin], predicted)
    }

    pub(super) fn apply_config(&mut self) -> Outcome {
        let predicted = self.reference.attempt(|pool| pool.apply_config());
        let instruction = self.world.pool.apply_config();
        self.send(Actor::Other, &[instruction], &[], predicted)
    }

    pub(super) fn cancel_config(&mut self) -> Outcome {
        let admin = self.world.admin.insecure_clone();
        let predicted = self.reference.attempt(|pool| pool.cancel_config());
        let instruction = self.world.pool.cancel_config(&admin.pubkey());
        self.send(Actor::Other, &[instruction], &[&admin], predicted)
    }

    pub(super) fn wind_down(&mut self, by_admin: bool) -> Outcome {
        let predicted = self.reference.attempt(|pool| pool.wind_down(by_admin));
        if !by_admin {
            let instruction = self.world.pool.wind_down(&self.payer);
            return self.send(Actor::Other, &[instruction], &[], predicted);
        }
        let admin = self.world.admin.insecure_clone();
        let instruction = self.world.pool.wind_down(&admin.pubkey());
        self.send(Actor::Other, &[instruction], &[&admin], predicted)
    }

    pub(super) fn collect_fees(&mut self) -> Outcome {
        let predicted = self.reference.attempt(|pool| pool.collect_fees());
        let instruction = self.world.pool.collect_fees(&self.treasury);
        self.send(Actor::Crank, &[instruction], &[], predicted)
    }
}
