//! What the pool's authorities do, and what anyone may finish for them.

use std::{fs, mem::replace};

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::thaw::{
    constants::METADATA_PROGRAM,
    state::{Config, Paths, Role},
};

use crate::{DAY, Outcome, Setup, World};

/// Where `toolchain/fetch-peers` puts the token metadata program.
const METADATA_SO: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fixtures/mpl_token_metadata.so");
/// The name that Anchor's log has for the two values of an error.
const VALUES: [&str; 2] = ["Left: ", "Right: "];

impl World {
    /// Sends one instruction that `signer` signs too.
    ///
    /// # Errors
    /// As the instruction.
    pub fn send_as(&mut self, signer: &Keypair, instruction: Instruction) -> Outcome {
        self.send(&[instruction], &[signer])
    }

    /// Proposes a config and a treasury as the admin.
    ///
    /// # Errors
    /// As the instruction.
    pub fn propose(&mut self, config: Config, treasury: &Pubkey) -> Outcome {
        let admin = self.admin.insecure_clone();
        let instruction = self.pool.propose_config(&admin.pubkey(), config, *treasury);
        self.send_as(&admin, instruction)
    }

    /// Puts the proposed config in force.
    ///
    /// # Errors
    /// As the instruction.
    pub fn apply(&mut self) -> Outcome {
        let instruction = self.pool.apply_config();
        self.send(&[instruction], &[])
    }

    /// Cancels what waits as the admin.
    ///
    /// # Errors
    /// As the instruction.
    pub fn cancel(&mut self) -> Outcome {
        let admin = self.admin.insecure_clone();
        let instruction = self.pool.cancel_config(&admin.pubkey());
        self.send_as(&admin, instruction)
    }

    /// Nominates as the admin.
    ///
    /// # Errors
    /// As the instruction.
    pub fn nominate(&mut self, role: Role, nominee: &Pubkey) -> Outcome {
        let admin = self.admin.insecure_clone();
        let instruction = self.pool.nominate_authority(&admin.pubkey(), role, *nominee);
        self.send_as(&admin, instruction)
    }

    /// Takes an authority over.
    ///
    /// # Errors
    /// As the instruction.
    pub fn accept(&mut self, nominee: &Keypair, role: Role) -> Outcome {
        let instruction = self.pool.accept_authority(&nominee.pubkey(), role);
        self.send_as(nominee, instruction)
    }

    /// Pauses paths as the guardian.
    ///
    /// # Errors
    /// As the instruction.
    pub fn pause(&mut self, paths: Paths, seconds: u32) -> Outcome {
        let guardian = self.guardian.insecure_clone();
        let instruction = self.pool.pause(&guardian.pubkey(), paths, seconds);
        self.send_as(&guardian, instruction)
    }

    /// Opens paths again, as the admin or the guardian.
    ///
    /// # Errors
    /// As the instruction.
    pub fn unpause(&mut self, authority: &Keypair, paths: Paths) -> Outcome {
        let instruction = self.pool.unpause(&authority.pubkey(), paths);
        self.send_as(authority, instruction)
    }

    /// Schedules or starts the wind-down as `caller`.
    ///
    /// # Errors
    /// As the instruction.
    pub fn wind_down(&mut self, caller: &Keypair) -> Outcome {
        let instruction = self.pool.wind_down(&caller.pubkey());
        self.send_as(caller, instruction)
    }

    /// Has the admin schedule the wind-down, lets the delay pass by cranked epochs, and has a
    /// stranger start it, in a move window.
    ///
    /// # Panics
    /// When a step is refused.
    pub fn start_wind_down(&mut self) {
        let (admin, stranger) = (self.admin.insecure_clone(), self.payer.insecure_clone());
        self.wind_down(&admin).unwrap();
        while self.clock().unix_timestamp < self.pool().wind_down_at {
            self.crank_epoch();
        }
        self.wind_down(&stranger).unwrap();
    }

    /// Mints the fee shares that are owed to the pool's treasury.
    ///
    /// # Errors
    /// As the instruction.
    pub fn collect_fees(&mut self) -> Outcome {
        let instruction = self.pool.collect_fees(&self.pool().treasury);
        self.send(&[instruction], &[])
    }

    /// An empty token account for fee shares, where the pool's treasury is: the pool is not changed.
    ///
    /// # Panics
    /// When there is no pool.
    pub fn give_treasury(&mut self) -> Pubkey {
        let account = self.token_account(&Pubkey::new_unique());
        let account = self.svm.get_account(&account).unwrap();
        let treasury = self.pool().treasury;
        self.svm.set_account(treasury, account).unwrap();
        self.known.insert(treasury);
        treasury
    }

    /// Pays the holders of `shares` part of an epoch's reward: one lamport per `part` of the stake.
    pub fn pay_rewards(&mut self, part: u64) {
        for index in 0..self.votes.len() as u16 {
            let stake = self.delegation(&self.main_slot(index));
            self.reward(index, stake / part);
        }
    }

    /// Goes to an instant: the epoch, the slot and the time of it.
    ///
    /// # Panics
    /// When it is past.
    pub fn go_to_time(&mut self, unix_timestamp: i64) {
        let clock = self.clock();
        let epochs = (unix_timestamp - clock.epoch_start_timestamp) / DAY;
        if epochs > 0 {
            self.skip_epochs(epochs as u64);
        }
        let seconds = unix_timestamp - self.clock().unix_timestamp;
        assert!(unix_timestamp >= clock.unix_timestamp, "time does not go back");
        self.wait(seconds);
    }

    /// Opens the second pool under authorities of its own, so that nobody has a power in both.
    ///
    /// # Panics
    /// When it is refused.
    pub fn foreign_twin(&mut self) {
        let own = [&mut self.admin, &mut self.operator, &mut self.guardian]
            .map(|place| replace(place, Keypair::new()));
        let twin = self.open_pool(&Setup::default()).unwrap();
        [self.admin, self.operator, self.guardian] = own;
        self.twin = Some(twin);
    }

    /// Loads the token metadata program of mainnet.
    ///
    /// # Panics
    /// When `make setup` has not been run.
    pub fn load_metadata_program(&mut self) {
        let bytes = fs::read(METADATA_SO).unwrap_or_else(|error| {
            panic!("{METADATA_SO}: {error}: run `make setup` first, it fetches the program")
        });
        self.svm.add_program(METADATA_PROGRAM, &bytes).unwrap();
    }
}

/// The two values that a refusal tells in its log.
///
/// # Panics
/// When it tells none.
#[track_caller]
pub fn values(outcome: &Outcome) -> (i64, i64) {
    let logs = &outcome.as_ref().expect_err("a refusal").logs;
    let [left, right] = VALUES.map(|name| {
        let value =
            logs.iter().find_map(|line| line.strip_prefix("Program log: ")?.strip_prefix(name));
        value.unwrap_or_else(|| panic!("no {name}in {logs:#?}")).parse().unwrap()
    });
    (left, right)
}
