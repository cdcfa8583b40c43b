//! A pool's config as a TOML file, as flags, and as a list of changes.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use thaw_client::{
    Refusal,
    thaw::{error::ThawError, state::Config},
};

use crate::failure::usage;

/// Where a config comes from.
#[derive(Clone, Debug, Default, Args)]
pub struct ConfigSource {
    /// TOML file with `name = value` lines; what it leaves out stays as it is
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,
    /// One value, such as reward_fee_bps=300; may be repeated, wins over the file
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

impl ConfigSource {
    /// True where nothing is named.
    pub fn is_empty(&self) -> bool {
        self.file.is_none() && self.set.is_empty()
    }

    /// `base` with what file and flags change.
    ///
    /// # Errors
    /// For unknown names, values that do not fit, and values beyond the program's caps.
    pub fn apply(&self, base: PoolConfig) -> Result<PoolConfig> {
        let mut config = base;
        if let Some(path) = &self.file {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let parsed = config.overlay(&text);
            parsed.with_context(|| format!("the config file {}", path.display()))?;
        }
        for pair in &self.set {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| usage(format!("`{pair}` is not of the form NAME=VALUE")))?;
            config.set(name.trim(), value.trim())?;
        }
        config.check()?;
        Ok(config)
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $default:expr, $low:expr, $high:expr;)*) => {
        /// A pool's config: names, units and meaning as in the program.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct PoolConfig {
            $($(#[$doc])* pub $name: $type,)*
        }

        impl Default for PoolConfig {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl From<Config> for PoolConfig {
            fn from(config: Config) -> Self {
                Self { $($name: config.$name,)* }
            }
        }

        impl From<PoolConfig> for Config {
            fn from(config: PoolConfig) -> Self {
                Self { $($name: config.$name,)* reserved: [0; 19] }
            }
        }

        impl PoolConfig {
            /// Names and values.
            pub fn values(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), u64::from(self.$name)),)*]
            }

            /// Names with their caps.
            pub fn caps() -> Vec<(&'static str, u64, u64)> {
                vec![$((stringify!($name), u64::from($low), u64::from($high)),)*]
            }

            /// Sets one value by its name.
            ///
            /// # Errors
            /// For an unknown name or a value that does not fit.
            pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
                match name {
                    $(stringify!($name) => {
                        self.$name = value.parse().map_err(|_| usage(format!(
                            "{name} = `{value}` is not a whole number from {} to {}",
                            $low, $high,
                        )))?;
                    })*
                    _ => return Err(usage(format!("a config has no value `{name}`"))),
                }
                Ok(())
            }
        }
    };
}

use thaw_client::thaw::constants as caps;

/// The whole, basis points.
const WHOLE: u16 = 10_000;

fields! {
    /// Over how many seconds a gain is released into the rate.
    release_seconds: u32 = 86_400, caps::RELEASE_SECONDS.0, caps::RELEASE_SECONDS.1;
    /// Seconds between the proposal of a config and its application.
    config_delay_seconds: u32 = 172_800, caps::CONFIG_DELAY_SECONDS.0, caps::CONFIG_DELAY_SECONDS.1;
    /// Part of gains that becomes fee shares, basis points.
    reward_fee_bps: u16 = 500, 0u16, caps::MAX_REWARD_FEE_BPS;
    /// Fee on deposits, basis points.
    deposit_fee_bps: u16 = 0, 0u16, caps::MAX_DEPOSIT_FEE_BPS;
    /// Fee on stake withdrawals, basis points.
    stake_withdrawal_fee_bps: u16 = 2, caps::MIN_STAKE_WITHDRAWAL_FEE_BPS, caps::MAX_DEPOSIT_FEE_BPS;
    /// Instant exit fee with the reserve at its target, basis points.
    instant_fee_min_bps: u16 = 3, 0u16, caps::MAX_INSTANT_FEE_BPS;
    /// Instant exit fee with an empty reserve, basis points.
    instant_fee_max_bps: u16 = 300, 0u16, caps::MAX_INSTANT_FEE_BPS;
    /// Part of the deposit fee that goes to a referrer, basis points.
    referral_bps: u16 = 0, 0u16, WHOLE;
    /// Haircut per missed epoch on instant exits before finalize, basis points.
    stale_haircut_bps: u16 = 5, 0u16, caps::MAX_STALE_HAIRCUT_BPS;
    /// Part of assets that may leave instantly before finalize, per epoch, basis points.
    stale_exit_bps: u16 = 25, 0u16, caps::MAX_STALE_EXIT_BPS;
    /// Part of assets the reserve aims at, basis points.
    liquidity_target_bps: u16 = 100, 0u16, caps::MAX_LIQUIDITY_TARGET_BPS;
    /// Smallest sensible move as a part of assets, basis points.
    piece_bps: u16 = 50, 0u16, caps::MAX_PIECE_BPS;
    /// Part of assets that may move per epoch for other reasons than withdrawals, basis points.
    max_rebalance_bps: u16 = 500, caps::REBALANCE_BPS.0, caps::REBALANCE_BPS.1;
    /// The same cap for validators that a review set aside, basis points.
    max_violator_bps: u16 = 1_000, caps::REBALANCE_BPS.0, caps::REBALANCE_BPS.1;
    /// Largest part of all weight that one validator may have, basis points.
    max_validator_bps: u16 = 4_000, 1u16, WHOLE;
    /// Least number of validators with weight.
    min_validators: u16 = 5, 1u16, 1_000u16;
    /// Highest commission a validator may take, basis points.
    max_commission_bps: u16 = 1_000, 0u16, WHOLE;
    /// Part of all weight that reviews may set aside per epoch, basis points.
    aside_bps: u16 = 2_000, 0u16, caps::MAX_ASIDE_BPS;
    /// A finalize that loses more than this part of assets trips the circuit breaker, basis points.
    circuit_loss_bps: u16 = 100, caps::MIN_CIRCUIT_LOSS_BPS, WHOLE;
    /// The move window: the last part of an epoch's slots, basis points.
    move_window_bps: u16 = 2_500, caps::MOVE_WINDOW_BPS.0, caps::MOVE_WINDOW_BPS.1;
    /// 1 if validators that have no BLS key, or not the lamports of an admission ticket, violate the
    /// rules and get no stake.
    require_bls: u8 = 1, 0u8, 1u8;
}

impl PoolConfig {
    /// The program's caps on a config, checked before it is sent.
    ///
    /// # Errors
    /// [`Refusal`] by `ConfigOutOfBounds`, with the value in words.
    pub fn check(&self) -> Result<()> {
        let bounds = self.values().into_iter().zip(Self::caps());
        let beyond = bounds.map(|((name, value), (_, low, high))| (name, value, low, high));
        let related = [
            (
                "instant_fee_min_bps",
                self.instant_fee_min_bps.into(),
                0,
                self.instant_fee_max_bps.into(),
            ),
            (
                "max_violator_bps",
                self.max_violator_bps.into(),
                self.max_rebalance_bps.into(),
                caps::REBALANCE_BPS.1.into(),
            ),
        ];
        let broken =
            beyond.chain(related).find(|(_, value, low, high)| value < low || value > high);
        let Some((name, value, low, high)) = broken else { return Ok(()) };
        let refusal = Refusal::of_rule(ThawError::ConfigOutOfBounds);
        Err(refusal).with_context(|| format!("{name} = {value} is not within {low} to {high}"))
    }
}

/// One value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What.
    pub name: String,
    /// As it is.
    pub old: String,
    /// As it will be.
    pub new: String,
}

impl PoolConfig {
    /// The values that differ in `new`.
    pub fn changes(&self, new: &Self) -> Vec<Change> {
        let pairs = self.values().into_iter().zip(new.values());
        let changed = pairs.filter(|((_, old), (_, new))| old != new);
        let change = |((name, old), (_, new)): ((&str, u64), (&str, u64))| Change {
            name: name.into(),
            old: old.to_string(),
            new: new.to_string(),
        };
        changed.map(change).collect()
    }

    fn overlay(&mut self, text: &str) -> Result<()> {
        let table: toml::Table = text.parse()?;
        for (name, value) in table {
            match value {
                toml::Value::Integer(value) => self.set(&name, &value.to_string())?,
                toml::Value::Boolean(value) => self.set(&name, if value { "1" } else { "0" })?,
                other => {
                    return Err(usage(format!("{name} = {other} is not a whole number")));
                }
            }
        }
        Ok(())
    }
}

/// Changes as lines of `name  old -> new`.
pub fn show_changes(changes: &[Change]) -> String {
    let line = |change: &Change| format!("  {:<26} {} -> {}", change.name, change.old, change.new);
    changes.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(file: Option<&str>, set: &[&str]) -> Result<PoolConfig> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pool.toml");
        if let Some(text) = file {
            std::fs::write(&path, text).unwrap();
        }
        let source = ConfigSource {
            file: file.map(|_| path),
            set: set.iter().map(|pair| (*pair).into()).collect(),
        };
        source.apply(PoolConfig::default())
    }

    #[test]
    fn defaults_are_within_the_caps() {
        Config::from(PoolConfig::default()).validate().unwrap();
        for ((name, value), (other, low, high)) in
            PoolConfig::default().values().into_iter().zip(PoolConfig::caps())
        {
            assert!(name == other && (low..=high).contains(&value), "{name}");
        }
    }

    #[test]
    fn caps_are_the_programs() {
        for (name, low, high) in PoolConfig::caps() {
            let tried = |value: u64| {
                let mut config = PoolConfig::default();
                // Where one bound follows another value, that one must not be in the way.
                config.set("instant_fee_min_bps", "0").unwrap();
                config.set("max_violator_bps", "2000").unwrap();
                config.set("max_rebalance_bps", "100").unwrap();
                let is_set = config.set(name, &value.to_string()).is_ok();
                let is_valid = Config::from(config).validate().is_ok();
                assert_eq!(config.check().is_ok(), is_valid, "{name} = {value}");
                is_set && is_valid
            };
            assert!(tried(low) && tried(high), "{name} within its caps");
            assert!(!tried(high + 1), "{name} above its cap");
            assert!(low == 0 || !tried(low - 1), "{name} below its cap");
        }
    }

    #[test]
    fn files_and_flags_change_what_they_name() {
        let config = apply(Some("reward_fee_bps = 300\nrequire_bls = false"), &[]).unwrap();
        assert_eq!((config.reward_fee_bps, config.require_bls), (300, 0));
        let changes = PoolConfig::default().changes(&config);
        assert_eq!(changes.len(), 2);
        assert!(show_changes(&changes).contains("reward_fee_bps             500 -> 300"));
        let both = apply(Some("reward_fee_bps = 300"), &["reward_fee_bps=200"]).unwrap();
        assert_eq!(both.reward_fee_bps, 200, "flags win");
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_rule() {
        let text = |file, set: &[&str]| format!("{:#}", apply(file, set).unwrap_err());
        assert!(text(Some("reward = 1"), &[]).contains("no value `reward`"));
        assert!(text(Some("reward_fee_bps = 1.5"), &[]).contains("not a whole number"));
        assert!(text(Some("reward_fee_bps = "), &[]).contains("pool.toml"));
        assert!(text(None, &["reward_fee_bps=-1"]).contains("from 0 to 1000"));
        assert!(text(None, &["reward_fee_bps"]).contains("NAME=VALUE"));
        assert!(text(None, &["reward_fee_bps=1001"]).contains("ConfigOutOfBounds"));
    }
}
