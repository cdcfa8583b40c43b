//! `thaw show` in words.

use std::fmt::{self, Display};

use thaw_client::{amount, refusal::duration};

use super::show::{BatchReport, PoolReport};
use crate::{
    output::{line, percent, ppb_or_dash, sol},
    pool_config::show_changes,
};

impl Display for PoolReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |rate: Option<u64>| rate.map_or_else(|| "none".into(), sol);
        let (books, config) = (&self.books, &self.config);
        line(f, "Pool", &self.pool)?;
        line(f, "Share mint", &self.mint)?;
        line(f, "Status", self.status.replace('_', " "))?;
        line(f, "Exit rate", or_none(self.rate.exit_lamports))?;
        line(f, "Entry rate", or_none(self.rate.entry_lamports))?;
        let apy = ppb_or_dash(self.rate.apy_ppb);
        line(f, "APY", format!("{apy} (compounded, last {} epochs)", self.rate.apy_epochs))?;
        line(f, "Assets", sol(books.assets_lamports))?;
        line(f, "  staked", sol(books.staked_lamports))?;
        line(f, "  of it cooling", sol(books.cooling_lamports))?;
        line(f, "  liquid", sol(books.reserve_lamports))?;
        line(f, "  for instant exits", sol(books.instant_lamports))?;
        line(f, "Claimable", format!("{} by tickets", sol(books.claimable_lamports)))?;
        line(f, "Shares", amount::show(books.shares))?;
        line(f, "  waiting to leave", amount::show(books.pending_shares))?;
        line(f, "  owed as fees", amount::show(books.fee_shares_owed))?;
        self.write_epoch(f)?;
        line(f, "Reward fee", percent(config.reward_fee_bps.into()))?;
        line(f, "Deposit fee", percent(config.deposit_fee_bps.into()))?;
        let (least, most) = (config.instant_fee_min_bps.into(), config.instant_fee_max_bps.into());
        line(f, "Instant exit fee", format!("{} to {}", percent(least), percent(most)))?;
        line(f, "Stake exit fee", percent(config.stake_withdrawal_fee_bps.into()))?;
        line(f, "Ticket fee", "none")?;
        self.write_powers(f)?;
        let (listed, holding) = self.validators;
        line(f, "Validators", format!("{listed} listed, {holding} with stake"))?;
        self.batches.iter().try_for_each(|batch| batch.write(f))
    }
}

impl PoolReport {
    /// A time of the chain as seen from its now.
    fn in_time(&self, at: i64) -> String {
        match u64::try_from(at.saturating_sub(self.epoch.unix_time)) {
            Ok(seconds) if seconds > 0 => format!("in {}", duration(seconds)),
            _ => "now".into(),
        }
    }

    fn write_epoch(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let epoch = &self.epoch;
        let left = duration(epoch.seconds_left);
        line(f, "Epoch", format!("{}, ends in about {left}", epoch.chain))?;
        let fresh = match (epoch.missed, epoch.is_stale) {
            (0, false) => "in this epoch".into(),
            (missed, false) => format!("{missed} epochs ago"),
            (missed, true) => format!("{missed} epochs ago: STALE, deposits are closed"),
        };
        line(f, "Finalized", fresh)
    }

    fn write_powers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let powers = &self.powers;
        let holders = [&powers.admin, &powers.operator, &powers.guardian];
        for ((name, holder), nominee) in
            ["Admin", "Operator", "Guardian"].into_iter().zip(holders).zip(&powers.nominated)
        {
            let nominated = nominee.as_ref().map(|key| format!(" (nominated: {key})"));
            line(f, name, format!("{holder}{}", nominated.unwrap_or_default()))?;
        }
        line(f, "Treasury", &powers.treasury)?;
        if let Some(proposal) = &self.proposed {
            line(
                f,
                "Proposed config",
                format!("may be applied {}", self.in_time(proposal.ready_at)),
            )?;
            writeln!(f, "{}", show_changes(&proposal.changes))?;
        }
        for pause in &self.pauses {
            line(f, "PAUSED", format!("{}, ends {}", pause.path, self.in_time(pause.until)))?;
        }
        if self.wind_down_at > 0 {
            line(f, "WIND-DOWN", format!("may start {}", self.in_time(self.wind_down_at)))?;
        }
        Ok(())
    }
}

impl BatchReport {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(
            f,
            &format!("Batch {}", self.serial),
            format!(
                "epoch {}: {} of {} shares settled, {} SOL set aside, {} claimed, {} tickets",
                self.epoch,
                amount::short(self.shares_settled),
                amount::short(self.shares_requested),
                amount::short(self.lamports_settled),
                amount::short(self.lamports_claimed),
                self.tickets
            ),
        )
    }
}
