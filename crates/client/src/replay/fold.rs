//! The folding of an epoch, done again.

use thaw::events::EpochFinalized;
use thaw_math::{Bps, Fold, Folded, Lamports, Shares};

use super::{
    books::{PoolBooks, liquidity_target},
    chain::{Chain, Check, Gap},
    ledger::Ledger,
};

impl Ledger {
    /// Folds with the program's own arithmetic what the events before have booked, and compares. The
    /// reserve's books were derived anew: what they differ by is gain or loss.
    pub(super) fn finalized(&mut self, chain: Chain, event: &EpochFinalized) -> Check {
        let (mut books, totals, config) = (self.books, &event.totals, &self.powers.config);
        let epochs = event.epoch.saturating_sub(books.epoch);
        chain.equal("epochs", epochs, event.epochs)?;
        let (old, new) = (books.totals.reserve_lamports, totals.reserve_lamports);
        for (pending, more) in [
            (&mut books.pending_gain_lamports, new.saturating_sub(old)),
            (&mut books.pending_loss_lamports, old.saturating_sub(new)),
        ] {
            *pending = pending.saturating_add(more);
        }
        books.totals.reserve_lamports = new;
        let folded = fold(chain, &books, event, Bps(config.reward_fee_bps))?;
        check(chain, &books, event, &folded)?;

        books.pending_gain_lamports = 0;
        books.pending_loss_lamports = 0;
        books.pending_fees_lamports = 0;
        books.fee_shares_owed = books.fee_shares_owed.saturating_add(event.fee_shares);
        books.locked_gain_lamports = event.locked_gain_lamports;
        books.release_start = event.unix_time;
        books.release_end = event.unix_time.saturating_add(config.release_seconds.into());
        books.loss_carry_lamports = event.loss_carry_lamports;
        books.carry_shares = folded.carry_shares.0;
        books.epoch = event.epoch;
        books.finalized_at = event.unix_time;
        books.weight_sum = event.weight_sum;
        // A pool that had nothing staked has shown no yield.
        if books.finalized_staked_lamports > 0 {
            books.yields_ppb.rotate_right(1);
            let [newest, ..] = &mut books.yields_ppb;
            *newest = folded.yield_ppb;
        }
        books.finalized_staked_lamports = totals.staked_lamports;
        books.finalized_shares = totals.shares;
        books.expect_gain(totals.staked_lamports);
        let assets = totals.reserve_lamports.saturating_add(totals.staked_lamports);
        books.liquidity_target_lamports = liquidity_target(config, assets);
        books.circuit_until = event.circuit_until;
        books.totals = *totals;
        let nav = books.books(folded.locked).nav().unwrap_or_default().0;
        chain.equal("nav_lamports", nav, totals.nav_lamports)?;

        self.books = books;
        self.validators.values_mut().for_each(|validator| validator.weight = validator.next_weight);
        Ok(())
    }
}

fn fold(
    chain: Chain,
    books: &PoolBooks,
    event: &EpochFinalized,
    reward_fee: Bps,
) -> Result<Folded, Gap> {
    let value = books.books(books.release().unreleased_up(event.unix_time));
    let fold = Fold {
        gain: value.pending_gain,
        loss: value.pending_loss,
        unreleased: value.unreleased,
        fees: value.pending_fees,
        assets: value.assets().unwrap_or_default(),
        shares: value.shares,
        shares_before: Shares(books.finalized_shares),
        loss_carry: Lamports(books.loss_carry_lamports),
        carry_shares: Shares(books.carry_shares),
        reward_fee,
        staked_before: Lamports(books.finalized_staked_lamports),
        epochs: event.epochs,
    };
    let mut folded = fold.fold().ok_or_else(|| chain.other("epoch: it cannot be folded"))?;
    // The fee yields where the shares would not fit.
    let room = Shares(u64::MAX.saturating_sub(value.shares.0));
    folded.fee_shares = folded.fee_shares.min(room);
    Ok(folded)
}

fn check(chain: Chain, books: &PoolBooks, event: &EpochFinalized, folded: &Folded) -> Check {
    let totals = &event.totals;
    chain.equal("gain_lamports", folded.net_gain.0, event.gain_lamports)?;
    chain.equal("loss_lamports", folded.net_loss.0, event.loss_lamports)?;
    chain.equal("fee_lamports", folded.fee_lamports.0, event.fee_lamports)?;
    chain.equal("fee_shares", folded.fee_shares.0, event.fee_shares)?;
    chain.equal("locked_gain_lamports", folded.locked.0, event.locked_gain_lamports)?;
    chain.equal("loss_carry_lamports", folded.loss_carry.0, event.loss_carry_lamports)?;
    chain.equal("weight_sum", books.next_weight_sum, event.weight_sum)?;
    let before = books.totals;
    chain.equal("staked_lamports", before.staked_lamports, totals.staked_lamports)?;
    chain.equal("claimable_lamports", before.claimable_lamports, totals.claimable_lamports)?;
    books.check_shares(chain, totals, &[event.fee_shares], &[])
}
