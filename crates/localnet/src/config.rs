//! How the cluster is set up.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use solana_account::Account;
use solana_pubkey::Pubkey;

use crate::{Error, Scenario, history::CLUSTER_STAKE_LAMPORTS, validators::MAX_VALIDATORS};

/// Mainnet's rent since SIMD-0437 step 2, lamports per byte.
const MAINNET_LAMPORTS_PER_BYTE: u64 = 5_080;

/// Stake of mainnet's middle validator, lamports.
const VALIDATOR_STAKE_LAMPORTS: u64 = 340_000_000_000_000;

/// Who moves the chain on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Epochs follow each other by themselves.
    Auto {
        /// Wall time of one epoch, at least one second.
        epoch: Duration,
    },
    /// The chain stands still but for the blocks that transactions need, until a call moves it.
    Manual,
}

/// A program to load at the start, under the upgradeable loader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its address.
    pub id: Pubkey,
    /// The ELF file.
    pub path: PathBuf,
}

/// Configuration of a [`crate::Localnet`].
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port of the JSON-RPC server; 0 takes a free one.
    pub rpc_port: u16,
    /// Port of the WebSocket server; 0 takes a free one.
    pub ws_port: u16,
    /// Who moves the chain on.
    pub mode: Mode,
    /// Wall time between two blocks. A blockhash lives for 150 blocks.
    pub block_time: Duration,
    /// Wall time during which `EpochRewards.active` is set after a boundary (mode auto).
    pub rewards_window: Duration,
    /// Programs to load besides the built-in ones.
    pub programs: Vec<Program>,
    /// Accounts to set before the first block.
    pub accounts: Vec<(Pubkey, Account)>,
    /// Number of validators, at least 1.
    pub validators: usize,
    /// Commission on inflation rewards in the vote accounts, basis points. Informative under
    /// [`Regime::Steady`](crate::Regime), whose reward is what reaches the delegators.
    pub commission_bps: u16,
    /// From which the addresses and keys of the validators and the leader lottery follow.
    pub seed: u64,
    /// The epoch that the chain starts in.
    pub first_epoch: u64,
    /// Unix time of the first slot, seconds; the wall clock if not given.
    pub start_timestamp: Option<i64>,
    /// Rent, lamports per byte.
    pub lamports_per_byte: u64,
    /// Effective stake that is not on the local chain, which bounds how much stake may activate or
    /// deactivate per epoch (9 % of it). Lamports.
    pub cluster_stake_lamports: u64,
    /// How much of it the largest local validator has, as far as it goes round. The next four have a
    /// half, a quarter and so on, then it begins again. Lamports.
    pub validator_stake_lamports: u64,
    /// What the validators do.
    pub scenario: Scenario,
}

impl Default for Config {
    /// Ports 8899 and 8900, five validators, an epoch every eight seconds.
    fn default() -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            rpc_port: 8899,
            ws_port: 8900,
            mode: Mode::Auto { epoch: Duration::from_secs(8) },
            block_time: Duration::from_millis(200),
            rewards_window: Duration::from_millis(300),
            programs: Vec::new(),
            accounts: Vec::new(),
            validators: 5,
            commission_bps: 500,
            seed: 0,
            first_epoch: 100,
            start_timestamp: None,
            lamports_per_byte: MAINNET_LAMPORTS_PER_BYTE,
            cluster_stake_lamports: CLUSTER_STAKE_LAMPORTS,
            validator_stake_lamports: VALIDATOR_STAKE_LAMPORTS,
            scenario: Scenario::default(),
        }
    }
}

impl Config {
    /// For tests: free ports, manual epochs, quick blocks.
    pub fn free_ports() -> Self {
        Self {
            rpc_port: 0,
            ws_port: 0,
            mode: Mode::Manual,
            block_time: Duration::from_millis(20),
            ..Self::default()
        }
    }

    /// Whether the values make sense together.
    ///
    /// # Errors
    /// [`Error::Config`] with the rule that is broken.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |rule: String| Err(Error::Config(rule));
        if self.validators == 0 || self.validators > MAX_VALIDATORS {
            return refuse(format!("the number of validators must be 1 to {MAX_VALIDATORS}"));
        }
        if self.rpc_port == self.ws_port && self.rpc_port != 0 {
            return refuse("the RPC and the WebSocket port must differ".into());
        }
        if self.commission_bps > 10_000 {
            return refuse("a commission is at most 10000 basis points".into());
        }
        if self.block_time < Duration::from_millis(5) {
            return refuse("the block time must be at least 5 ms".into());
        }
        if self.first_epoch > 1_000_000 {
            return refuse("the first epoch must be at most 1000000".into());
        }
        if self.lamports_per_byte == 0 || self.lamports_per_byte > 1_000_000 {
            return refuse("the rent must be 1 to 1000000 lamports per byte".into());
        }
        if let Mode::Auto { epoch } = self.mode {
            if epoch < Duration::from_secs(1) {
                return refuse("an epoch must last at least one second".into());
            }
            if self.rewards_window > epoch.div_f64(2.0) {
                return refuse("the rewards window must be at most half of an epoch".into());
            }
            if self.block_time > epoch.div_f64(5.0) {
                return refuse("an epoch must have room for at least five blocks".into());
            }
        }
        self.scenario.events.iter().try_for_each(|event| event.check(self.validators))
    }
}
