//! Another pool, the token's name, authorities that change hands: each with its prediction.

use anchor_lang::prelude::Pubkey;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, state::Role};
use thaw_tests::Setup;

use super::{Actor, Done, FEE, Model, Outcome, broken, config};
use crate::reference::{Amount, Refusal, Said};

const ROLES: [Role; 3] = [Role::Admin, Role::Operator, Role::Guardian];
/// More bytes than a name may have.
const TOO_LONG: usize = 33;

impl Model {
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
        // Its authorities are others, so that nobody has a power in both.
        let world = &mut self.world;
        let own = [&mut world.admin, &mut world.operator, &mut world.guardian]
            .map(|key| std::mem::replace(key, Keypair::new()));
        let found = world.open_pool(&setup);
        [world.admin, world.operator, world.guardian] = own;
        let code = found.as_ref().err().and_then(|refused| refused.code());
        if expected.map(thaw_tests::checks::code) != code || expected.is_some() != found.is_err() {
            return broken("reference", format!("initialize: {expected:?} expected, {found:?}"));
        }
        self.census.count_instruction("initialize", found.is_ok());
        self.census.count_op(self.name(), found.is_ok());
        if self.world.twin.is_none() {
            self.world.twin = found.ok();
        }
        self.reference.payer -= Amount::from(before - self.world.lamports(&self.payer));
        Ok(Done { fee: 2 * FEE, ..Done::outside(0) })
    }

    /// The token's name, by the metadata program of mainnet; what that takes is not modelled.
    pub(super) fn set_metadata(&mut self, long: bool) -> Outcome {
        if !self.world.known.contains(&self.world.pool.metadata()) {
            self.world.load_metadata_program();
            self.world.known.insert(self.world.pool.metadata());
        }
        let admin = self.world.admin.insecure_clone();
        let name = "N".repeat(if long { TOO_LONG } else { 1 + self.steps.len() % 32 });
        let instruction =
            self.world.pool.set_metadata(&admin.pubkey(), &self.payer, &name, "thSOL", "");
        let predicted = if long {
            Err(Refusal::from(ThawError::MetadataTooLong))
        } else {
            Ok(Said::Power("MetadataSet"))
        };
        let done = self.send(Actor::Other, &[instruction], &[&admin], predicted)?;
        self.reference.payer = self.world.lamports(&self.payer).into();
        Ok(done)
    }

    /// Names somebody new for an authority, or nobody.
    pub(super) fn nominate(&mut self, role: u8, anybody: bool) -> Outcome {
        let role = usize::from(role % 3);
        let number = self.steps.len() as u32;
        let nominee = anybody.then_some(number);
        let predicted = self.reference.attempt(|pool| pool.nominate(role, nominee));
        let key = Keypair::new();
        let address = if anybody { key.pubkey() } else { Pubkey::default() };
        let admin = self.world.admin.insecure_clone();
        let pool = &self.world.pool;
        let instruction = pool.nominate_authority(&admin.pubkey(), ROLES[role], address);
        let done = self.send(Actor::Other, &[instruction], &[&admin], predicted)?;
        self.nominees[role] = nominee.map(|_| key);
        Ok(done)
    }

    /// The nominee takes an authority over, or a nominee for another one tries to.
    pub(super) fn accept(&mut self, role: u8, by_nominee: bool) -> Outcome {
        let role = usize::from(role % 3);
        let who = if by_nominee { role } else { (role + 1) % 3 };
        let (key, number) = match (&self.nominees[who], self.reference.powers.nominees[who]) {
            (Some(key), Some(number)) => (key.insecure_clone(), number),
            _ => (self.people[0].key.insecure_clone(), u32::MAX),
        };
        let predicted = self.reference.attempt(|pool| pool.accept(role, number));
        let instruction = self.world.pool.accept_authority(&key.pubkey(), ROLES[role]);
        let done = self.send(Actor::Other, &[instruction], &[&key], predicted)?;
        if done.said.is_some() {
            self.nominees[role] = None;
            let world = &mut self.world;
            *[&mut world.admin, &mut world.operator, &mut world.guardian][role] = key;
        }
        Ok(done)
    }
}
