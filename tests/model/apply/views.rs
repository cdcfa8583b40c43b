//! INV-7: what the views tell is what is predicted, and what happens in the same slot.

use anchor_lang::AnchorDeserialize;
use solana_instruction::Instruction;
use thaw_client::thaw::instructions::{DepositQuote, ExitQuote, ValueRange, WithdrawQuote};
use thaw_tests::checks;

use super::{Check, Model, broken};
use crate::reference::{Amount, MOST, Refusal, Said, ceil, users::Bought, views::Net};

/// Breaks INV-7 where a view tells anything else than expected.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, told: T, expected: T) -> Check {
    if told == expected {
        return Ok(());
    }
    broken("INV-7", format!("{what}: {told:?}, {expected:?} expected"))
}

/// An exit as a quote tells it.
fn told(expected: &Net) -> ExitQuote {
    match expected {
        Ok((lamports, fee)) => {
            ExitQuote { lamports: *lamports as u64, fee_lamports: *fee as u64, refusal: 0 }
        }
        Err(Refusal::Thaw(name)) => {
            ExitQuote { refusal: checks::code(name.0), ..ExitQuote::default() }
        }
        Err(other) => panic!("no view says {other:?}"),
    }
}

impl Model {
    /// Runs a view; its answer, or the code of its refusal.
    fn view<T: AnchorDeserialize>(&mut self, instruction: Instruction) -> Result<T, u32> {
        let name = super::tally::name_of(&instruction);
        let answer = self.world.view_of(instruction);
        self.census.count_instruction(name, answer.is_ok());
        answer.map_err(|refused| refused.code().unwrap_or(0))
    }

    /// What `shares` pay by each exit.
    pub(super) fn ask_exits(
        &mut self,
        shares: u64,
    ) -> Result<Option<WithdrawQuote>, super::Broken> {
        let expected = self.reference.quote_exits(shares.into());
        let asked = self.world.pool.quote_withdraw(shares);
        let answer = self.view::<WithdrawQuote>(asked);
        self.ask_value(shares)?;
        match (answer, expected) {
            (Ok(answer), Ok(expected)) => {
                same("instant exit", answer.instant, told(&expected.instant))?;
                same("stake exit", answer.stake, told(&expected.stake))?;
                same("ticket", Amount::from(answer.ticket.lamports), expected.ticket)?;
                let next = self.reference.network.epoch + 1;
                same("ticket's epoch", answer.ticket.payable_epoch, next)?;
                if let Some(is_covered) = expected.is_covered {
                    same("ticket's cover", answer.ticket.is_covered, is_covered)?;
                }
                Ok(Some(answer))
            }
            (Err(code), Err(Refusal::Thaw(name))) => {
                same("quote", code, checks::code(name.0)).map(|()| None)
            }
            (answer, expected) => {
                broken("INV-7", format!("quote {answer:?}, {expected:?} expected"))
            }
        }
    }

    /// What `lamports` buy.
    pub(super) fn ask_deposit(
        &mut self,
        lamports: u64,
    ) -> Result<Option<DepositQuote>, super::Broken> {
        let asked = self.world.pool.quote_deposit(lamports);
        let answer = self.view::<DepositQuote>(asked);
        let expected = self.reference.quote_sol(lamports.into());
        let code = |refusal| match refusal {
            Refusal::Thaw(name) => checks::code(name.0),
            other => panic!("no view says {other:?}"),
        };
        let expected = expected.map_err(code).map(|it: Bought| DepositQuote {
            shares: it.shares as u64,
            fee_lamports: it.fee as u64,
            referral_shares: it.referral as u64,
        });
        same("deposit", answer, expected)?;
        Ok(answer.ok())
    }

    /// What Sanctum's interface says of an amount, both ways: shares that redeem for at most that
    /// much, and for at least that much, no further apart than rounding.
    fn ask_value(&mut self, amount: u64) -> Check {
        let asked = self.world.pool.lst_to_sol(amount);
        let code = |refusal: Refusal| match refusal {
            Refusal::Thaw(name) => checks::code(name.0),
            other => panic!("no view says {other:?}"),
        };
        let pool = &self.reference;
        let expected = pool.redeemed(amount.into()).map_err(code);
        let expected = expected.map(|it| ValueRange { min: it as u64, max: it as u64 });
        let answer = self.view::<ValueRange>(asked);
        same("lst_to_sol", answer, expected)?;

        let asked = self.world.pool.sol_to_lst(amount);
        let Ok(ValueRange { min, max }) = self.view::<ValueRange>(asked) else {
            // Both ways are closed alike; shares for so much may be more than fit.
            let pool = &self.reference;
            let kept = 10_000 - Amount::from(pool.start.exits.stake_fee_bps);
            let is_open = pool.redeemed(0).is_ok();
            let fits = || ceil(ceil(amount.into(), 10_000, kept), pool.shares, pool.nav()) <= MOST;
            return same("sol_to_lst is refused", is_open && fits(), false);
        };
        let pool = &self.reference;
        let least = pool.redeemed(min.into());
        if least.as_ref().is_ok_and(|it| *it > amount.into()) {
            return broken("INV-7", format!("{min} shares for {amount} redeem for {least:?}"));
        }
        let most = pool.redeemed(max.into());
        if most.as_ref().is_ok_and(|it| *it < amount.into()) {
            return broken("INV-7", format!("{max} shares for {amount} redeem for {most:?}"));
        }
        let lamport = ceil(1, pool.shares, pool.nav());
        same("sol_to_lst's range", u128::from(max - min) > 2 + 2 * lamport, false)
    }

    /// A quote, where one was given, is what happened.
    pub(super) fn as_quoted(&self, quote: Option<(u64, u64, u64)>, said: Option<&Said>) -> Check {
        let happened = match said {
            Some(
                Said::Deposited { shares, fee, referral }
                | Said::StakeIn { shares, fee, referral, .. },
            ) => (*shares, *fee, *referral),
            Some(Said::StakeOut { lamports, fee, .. } | Said::PaidAtOnce { lamports, fee, .. }) => {
                (*lamports, *fee, 0)
            }
            _ => return Ok(()),
        };
        let Some((amount, fee, referral)) = quote else {
            return broken("INV-7", format!("{happened:?} without a quote"));
        };
        same("the quote beside the event", (amount.into(), fee.into(), referral.into()), happened)
    }
}
