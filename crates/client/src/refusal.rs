//! Refusals in words: which rule was broken, and by how much.

use std::fmt;

use anchor_lang::{error::ComparedValues, prelude::Pubkey};
use solana_instruction::error::InstructionError;
use solana_rpc_client_api::client_error::TransactionError;
use solana_system_interface::program as system_program;
use thaw::{error::ThawError, state::STAKE_PROGRAM};

use crate::{amount, instructions::TOKEN_PROGRAM};

/// Code of the program's first error.
const FIRST_CODE: u32 = 6_000;

/// Every rule of the program, by code from 6000 on; a test compares them with the IDL.
const RULES: [ThawError; 64] = {
    use ThawError as E;
    [
        E::Overflow,
        E::ZeroAmount,
        E::WrongAccount,
        E::WrongAuthority,
        E::WrongMint,
        E::BootstrapTooSmall,
        E::ConfigOutOfBounds,
        E::AmountTooSmall,
        E::SlippageExceeded,
        E::PoolStale,
        E::Paused,
        E::WindingDown,
        E::NoValue,
        E::NotFinalized,
        E::AlreadyFinalized,
        E::SyncIncomplete,
        E::RewardsWindow,
        E::OutsideMoveWindow,
        E::AlreadyListed,
        E::NotAVoteAccount,
        E::ListFull,
        E::ListAtLimit,
        E::NoSuchValidator,
        E::WeightAboveCap,
        E::TooFewValidators,
        E::NothingToDelegate,
        E::NothingToUndelegate,
        E::BelowMinimumDelegation,
        E::NoFreeSlot,
        E::NothingToMerge,
        E::NothingToCollect,
        E::NothingToSweep,
        E::WrongBatch,
        E::NothingToSettle,
        E::NothingToClaim,
        E::NotTicketOwner,
        E::PushRefused,
        E::BatchNotFinished,
        E::SlotUnusable,
        E::BalanceMismatch,
        E::ReserveTooLow,
        E::TicketExists,
        E::NothingProposed,
        E::TooEarly,
        E::ProposalLapsed,
        E::NotNominated,
        E::PauseOutOfBounds,
        E::PauseCoolDown,
        E::NoFeesOwed,
        E::VoteLayoutUnknown,
        E::NothingToReview,
        E::AsideCapReached,
        E::LastValidator,
        E::ValidatorLeaving,
        E::ValidatorNotEmpty,
        E::StakeNotAcceptable,
        E::StakeLamportsOff,
        E::ValidatorAboveTarget,
        E::ValidatorBelowTarget,
        E::StakeDestinationOff,
        E::NotEnoughLiquidity,
        E::StaleExitCapReached,
        E::MetadataTooLong,
        E::CannotBeAdmitted,
    ]
};

/// What the two values of a refusal count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// SOL or shares, base units.
    Amount,
    /// Unix seconds: now, and when it is possible.
    Time,
    /// Anything else.
    Number,
}

/// The code with which the program refuses for `error`.
pub fn code_of(error: ThawError) -> u32 {
    FIRST_CODE.saturating_add(error as u32)
}

/// The rule with this code.
pub fn rule_of(code: u32) -> Option<ThawError> {
    let place = usize::try_from(code.checked_sub(FIRST_CODE)?).ok()?;
    RULES.get(place).copied()
}

/// An instruction that a program refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// The program, where the log or the error names it.
    pub program: Option<Pubkey>,
    /// Its error code; 0 where it has none.
    pub code: u32,
    /// Name of the rule: `SlippageExceeded`.
    pub name: String,
    /// The rule in words.
    pub message: String,
    /// What was found and what would have been allowed.
    pub values: Option<(u64, u64)>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(measured) = self.measured() {
            write!(f, ": {measured}")?;
        }
        write!(f, " ({}", self.name)?;
        if self.code > 0 { write!(f, ", code {})", self.code) } else { f.write_str(")") }
    }
}

impl Refusal {
    /// A refusal by one of the program's rules.
    pub fn of_rule(rule: ThawError) -> Self {
        Self {
            program: Some(thaw::ID),
            code: code_of(rule),
            name: rule.name(),
            message: collapse(&rule.to_string()),
            values: None,
        }
    }

    /// The refusal with this code, as quotes tell it.
    pub fn of_code(code: u32) -> Self {
        rule_of(code).map_or_else(|| Self::unknown(None, code, String::new()), Self::of_rule)
    }

    /// An error that the program's own functions returned to a client.
    pub fn of_error(error: &anchor_lang::error::Error) -> Self {
        let anchor_lang::error::Error::AnchorError(error) = error else {
            return Self::unknown(None, 0, error.to_string());
        };
        let mut refusal = Self::of_code(error.error_code_number);
        if let Some(ComparedValues::Values((found, allowed))) = &error.compared_values {
            refusal.values = found.parse().ok().zip(allowed.parse().ok());
        }
        refusal
    }

    /// What a transaction failed with, read with its logs; `None` where no instruction was refused.
    pub fn of_transaction(error: &TransactionError, logs: &[String]) -> Option<Self> {
        let TransactionError::InstructionError(_, cause) = error else { return None };
        let program = failed_program(logs);
        let InstructionError::Custom(code) = *cause else {
            return Some(Self::unknown(program, 0, cause.to_string()));
        };
        let is_ours = program.is_none_or(|program| program == thaw::ID);
        if is_ours && let Some(rule) = rule_of(code) {
            return Some(Self { values: values(logs), ..Self::of_rule(rule) });
        }
        if let Some(message) = program.and_then(|program| foreign(&program, code)) {
            return Some(Self {
                program,
                code,
                name: "another program's rule".into(),
                message: message.into(),
                values: None,
            });
        }
        Some(Self::unknown(program, code, anchor_message(logs).unwrap_or_default()))
    }

    /// The two values in words.
    pub fn measured(&self) -> Option<String> {
        let (found, allowed) = self.values?;
        let measure = rule_of(self.code).map_or(Measure::Number, measure);
        let show = |number: u64| match measure {
            Measure::Amount => amount::short(number),
            Measure::Time | Measure::Number => number.to_string(),
        };
        if measure == Measure::Time {
            return Some(format!("possible in {}", duration(allowed.saturating_sub(found))));
        }
        let (found_text, allowed_text) = (show(found), show(allowed));
        let off = show(found.abs_diff(allowed));
        Some(match found.cmp(&allowed) {
            std::cmp::Ordering::Less => format!("{found_text} is {off} less than {allowed_text}"),
            std::cmp::Ordering::Equal => found_text,
            std::cmp::Ordering::Greater => {
                format!("{found_text} is {off} more than {allowed_text}")
            }
        })
    }

    fn unknown(program: Option<Pubkey>, code: u32, message: String) -> Self {
        let message = if message.is_empty() {
            match program {
                Some(program) => format!("program {program} refuses with error {code}"),
                None => format!("a program refuses with error {code}"),
            }
        } else {
            message
        };
        Self { program, code, name: "no rule of Thaw".into(), message, values: None }
    }
}

/// Seconds as `3 d 4 h`, `4 h 5 min` or `6 s`.
pub fn duration(seconds: u64) -> String {
    let part = |unit: u64| seconds.checked_div(unit).unwrap_or(0);
    let rest = |unit: u64, of: u64| part(unit).checked_rem(of).unwrap_or(0);
    match seconds {
        86_400.. => format!("{} d {} h", part(86_400), rest(3_600, 24)),
        3_600.. => format!("{} h {} min", part(3_600), rest(60, 60)),
        60.. => format!("{} min {} s", part(60), rest(1, 60)),
        _ => format!("{seconds} s"),
    }
}

/// The innermost program that failed: the first to say so.
fn failed_program(logs: &[String]) -> Option<Pubkey> {
    logs.iter().find_map(|line| {
        let (program, _) = line.strip_prefix("Program ")?.split_once(" failed")?;
        program.parse().ok()
    })
}

/// `Left` and `Right`, which Anchor logs of values that were compared.
fn values(logs: &[String]) -> Option<(u64, u64)> {
    let find = |name: &str| {
        let line = logs.iter().rev().find_map(|line| line.split_once(name))?.1;
        line.trim().parse().ok()
    };
    find("Left: ").zip(find("Right: "))
}

/// Anchor's own words, with the account they speak of.
fn anchor_message(logs: &[String]) -> Option<String> {
    let line = logs.iter().rev().find(|line| line.contains("Error Message: "))?;
    let (head, message) = line.split_once("Error Message: ")?;
    let account = head.split_once("caused by account: ").and_then(|(_, tail)| tail.split_once('.'));
    let message = message.trim_end_matches('.');
    Some(match account {
        Some((account, _)) => format!("account `{account}`: {message}"),
        None => message.into(),
    })
}

/// What other programs mean by their codes, as far as holders meet them.
fn foreign(program: &Pubkey, code: u32) -> Option<&'static str> {
    match (*program, code) {
        (TOKEN_PROGRAM, 1) => Some("the token account holds fewer shares than that"),
        (TOKEN_PROGRAM, 3) => Some("the token account is of another mint"),
        (TOKEN_PROGRAM, 4) => Some("the signer does not own the token account"),
        (TOKEN_PROGRAM, 17) => Some("the token account is frozen"),
        (system_program::ID, 0) => Some("there is an account at this address already"),
        (system_program::ID, 1) => Some("the payer holds too few lamports"),
        (STAKE_PROGRAM, 0) => Some("no vote credits to redeem, or the lock-up is in force"),
        (STAKE_PROGRAM, 16) => Some("stake cannot move while epoch rewards are paid"),
        _ => None,
    }
}

fn measure(rule: ThawError) -> Measure {
    use ThawError as E;
    match rule {
        E::BootstrapTooSmall
        | E::SlippageExceeded
        | E::NotEnoughLiquidity
        | E::StaleExitCapReached
        | E::BelowMinimumDelegation
        | E::ValidatorAboveTarget
        | E::ValidatorBelowTarget
        | E::StakeLamportsOff
        | E::BalanceMismatch
        | E::ReserveTooLow
        | E::CannotBeAdmitted => Measure::Amount,
        E::TooEarly | E::PauseCoolDown => Measure::Time,
        _ => Measure::Number,
    }
}

/// One space between words: long messages are wrapped in the source.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, logs: &[&str]) -> Refusal {
        let error = TransactionError::InstructionError(2, InstructionError::Custom(code));
        let logs: Vec<String> = logs.iter().map(|line| (*line).into()).collect();
        Refusal::of_transaction(&error, &logs).unwrap()
    }

    #[test]
    fn every_rule_of_the_idl_has_its_name_and_words() {
        let idl = include_str!("../../../idls/thaw.json");
        let idl: serde_json::Value = serde_json::from_str(idl).unwrap();
        let errors = idl["errors"].as_array().unwrap();
        assert_eq!(errors.len(), RULES.len());
        for error in errors {
            let code = error["code"].as_u64().unwrap() as u32;
            let refusal = Refusal::of_code(code);
            assert_eq!(refusal.name, error["name"].as_str().unwrap());
            assert_eq!(refusal.message, collapse(error["msg"].as_str().unwrap()));
            assert_eq!(code_of(rule_of(code).unwrap()), code);
        }
        assert!(rule_of(5_999).is_none());
        assert!(rule_of(6_000 + errors.len() as u32).is_none());
    }

    #[test]
    fn a_refusal_says_by_how_much() {
        let slippage = code_of(ThawError::SlippageExceeded);
        let thaw = format!("Program {} failed: custom program error: 0x1778", thaw::ID);
        let logs = ["Program log: Left: 900000000", "Program log: Right: 1000000000", &thaw];
        let text = refused(slippage, &logs).to_string();
        assert_eq!(
            text,
            "Slippage: the net amount is below the minimum the caller set: 0.9 is 0.1 less than 1 \
             (SlippageExceeded, code 6008)"
        );
        let early = code_of(ThawError::TooEarly);
        let logs = ["Program log: Left: 1000", "Program log: Right: 173800", &thaw];
        assert!(refused(early, &logs).to_string().contains("possible in 2 d 0 h"));
        let few = code_of(ThawError::TooFewValidators);
        let logs = ["Program log: Left: 3", "Program log: Right: 5"];
        assert!(refused(few, &logs).to_string().contains("3 is 2 less than 5"));
    }

    #[test]
    fn other_programs_are_named() {
        let token = format!("Program {TOKEN_PROGRAM} failed: custom program error: 0x1");
        let ours = format!("Program {} failed: custom program error: 0x1", thaw::ID);
        let refusal = refused(1, &[&token, &ours]);
        assert_eq!(refusal.program, Some(TOKEN_PROGRAM));
        assert!(refusal.to_string().contains("fewer shares"), "{refusal}");
        let log = "Program log: AnchorError caused by account: pool. Error Code: \
                   AccountNotInitialized. Error Number: 3012. Error Message: The program expected \
                   this account to be already initialized.";
        let refusal = refused(3_012, &[log, &ours]);
        assert!(refusal.message.starts_with("account `pool`: The program expected"), "{refusal}");
        let poor = TransactionError::InsufficientFundsForFee;
        assert_eq!(Refusal::of_transaction(&poor, &[]), None);
    }

    #[test]
    fn durations_have_two_units() {
        let shown = [0, 59, 60, 3_700, 90_000].map(duration);
        assert_eq!(shown, ["0 s", "59 s", "1 min 0 s", "1 h 1 min", "1 d 1 h"]);
    }
}
