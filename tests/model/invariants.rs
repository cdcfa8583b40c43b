//! `docs/invariants.md`, each as a function of what the chain held before and after one step. None
//! of these asks the reference what should be: they would hold for any other pool as well.

mod curation;
mod wealth;

use num_bigint::BigUint;
use thaw_client::thaw::state::Ticket;

use crate::{
    apply::{Check, Done, Model, broken},
    chain::Chain,
    ops::Op,
    reference::{Amount, Said, floor, less},
};

pub use wealth::Instants;

/// One step.
struct Step<'a> {
    before: &'a Chain,
    after: &'a Chain,
    op: &'a Op,
    done: &'a Done,
}

/// All that can be checked after a step. INV-7 is checked where an instruction is sent, INV-10 in
/// `fork.rs`, INV-11 in `runner.rs`.
pub fn all(model: &mut Model, before: &Chain, after: &Chain, op: &Op, done: &Done) -> Check {
    let step = Step { before, after, op, done };
    inv_1(&step)?;
    inv_2(&step)?;
    inv_3(&step)?;
    inv_4(&step)?;
    wealth::inv_5(model, &step)?;
    inv_6(&step)?;
    inv_8(model, &step)?;
    inv_9(&step)?;
    curation::reviews(model, &step)
}

/// A number that can be multiplied without end.
fn big(amount: Amount) -> BigUint {
    BigUint::from(amount)
}

/// Breaks `id` unless `holds`.
fn require(id: &'static str, holds: bool, text: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { broken(id, text()) }
}

impl Step<'_> {
    fn is_finalize(&self) -> bool {
        matches!(self.done.said, Some(Said::Finalized { .. }))
    }
}

/// The reserve holds what the books say, and its rent as of the last finalize. Only finalize and
/// slots lower its free lamports below the float.
fn inv_1(step: &Step) -> Check {
    let free = |chain: &Chain| {
        let owed = chain.pool.reserve_lamports as i128 + chain.pool.claimable_lamports as i128;
        chain.reserve as i128 - owed
    };
    let (before, after) = (free(step.before), free(step.after));
    if step.is_finalize() {
        let rent = step.after.rent(0) as i128;
        let is_derived = after == rent || (step.after.pool.reserve_lamports == 0 && after < rent);
        require("INV-1", is_derived && after >= 0, || {
            format!("after a finalize the reserve holds {after} beyond its books, rent is {rent}")
        })?;
    } else {
        require("INV-1", after >= before && after >= 0, || {
            format!("lamports of the reserve beyond its books fell from {before} to {after}")
        })?;
    }
    let old = Amount::from(step.before.pool.reserve_lamports);
    let new = Amount::from(step.after.pool.reserve_lamports);
    let float = step.after.float();
    // A slot is opened, or topped up where rent has risen.
    let for_slots = if step.done.worked_on.is_some() { step.after.rent(200) } else { 0 };
    let floor = less(float.min(old), for_slots);
    require("INV-1", step.is_finalize() || new >= floor, || {
        format!("reserve_lamports fell from {old} to {new}, the float is {float}")
    })
}

/// The staked lamports are the sum of the records; what was booked in this step equals the chain.
fn inv_2(step: &Step) -> Check {
    let chain = step.after;
    let slots = chain.records.iter().flat_map(|record| record.slots);
    let recorded: u64 = slots.map(|slot| slot.lamports).sum();
    require("INV-2", chain.pool.staked_lamports == recorded, || {
        format!("staked {}, recorded {recorded}", chain.pool.staked_lamports)
    })?;
    for (index, record) in chain.records.iter().enumerate() {
        let is_worked_on = step.done.worked_on == Some(index);
        let old = step.before.records.get(index);
        let is_synced = old.is_some_and(|old| old.booked_epoch != record.booked_epoch);
        for (place, slot) in record.slots.iter().enumerate() {
            let was_held = old.is_some_and(|old| old.slots[place].is_held());
            if !(is_worked_on || is_synced && was_held) {
                continue;
            }
            let worth = if slot.is_open() { chain.slots[index][place].0 } else { 0 };
            require("INV-2", Amount::from(slot.lamports) == worth, || {
                let state = slot.state();
                format!("slot {index}/{place} is {state:?}, recorded {}, {worth}", slot.lamports)
            })?;
        }
    }
    Ok(())
}

/// Tokens and fee shares owed are at most the pool's own count, which changes by what is issued and
/// burned alone.
fn inv_3(step: &Step) -> Check {
    let chain = step.after;
    let tokens = chain.supply + Amount::from(chain.pool.fee_shares_owed);
    require("INV-3", tokens <= chain.shares(), || {
        format!("{tokens} tokens and fee shares, {} shares", chain.shares())
    })?;
    let (issued, burned) = match &step.done.said {
        Some(Said::Deposited { shares, referral, .. } | Said::StakeIn { shares, referral, .. }) => {
            (*shares + *referral, 0)
        }
        Some(Said::Finalized { fee_shares, .. }) => (*fee_shares, 0),
        Some(
            Said::Settled { shares, .. }
            | Said::PaidAtOnce { shares, .. }
            | Said::StakeOut { shares, .. },
        ) => (0, *shares),
        _ => (0, 0),
    };
    let expected = step.before.shares() + issued - burned;
    require("INV-3", chain.shares() == expected, || {
        format!("{} shares, {expected} expected: {issued} issued", chain.shares())
    })?;
    let held: Amount = chain.people.iter().map(|(_, tokens)| tokens).sum();
    let all = held + chain.escrow + chain.bootstrap + chain.treasury;
    require("INV-3", all == chain.supply, || format!("{all} tokens held of {}", chain.supply))
}

/// The exit rate does not fall, but for a loss that is recorded in this step.
fn inv_4(step: &Step) -> Check {
    let (before, after) = (step.before, step.after);
    let reserve = |chain: &Chain| Amount::from(chain.pool.reserve_lamports);
    let lost = if step.is_finalize() {
        less(reserve(before), reserve(after))
    } else {
        Amount::from(after.pool.pending_loss_lamports)
            - Amount::from(before.pool.pending_loss_lamports)
    };
    let (old, new) = (less(before.nav(), lost), after.nav());
    let falls = big(new) * big(before.shares()) < big(old) * big(after.shares());
    require("INV-4", !falls, || {
        let (had, has) = (before.shares(), after.shares());
        format!("nav {} / {had} shares, {lost} lost, then {new} / {has}", before.nav())
    })
}

/// What a ticket may have received in all.
fn entitlement(chain: &Chain, ticket: &Ticket) -> Amount {
    let batch = &chain.batches[&ticket.batch].data;
    let (lamports, requested) = (batch.lamports_settled.into(), batch.shares_requested.into());
    floor(ticket.shares.into(), lamports, requested)
}

/// What tickets may claim is there, shares that wait are in the escrow, and a batch never has both
/// joiners and settlements.
fn inv_6(step: &Step) -> Check {
    let chain = step.after;
    let unclaimed: Amount = chain
        .tickets
        .values()
        .map(|held| entitlement(chain, &held.data) - Amount::from(held.data.lamports_claimed))
        .sum();
    let claimable = chain.pool.claimable_lamports.into();
    require("INV-6", unclaimed <= claimable, || {
        format!("tickets may claim {unclaimed}, claimable are {claimable}")
    })?;
    let open: Amount =
        chain.batches.values().map(|held| Amount::from(held.data.open_shares())).sum();
    require("INV-6", open <= chain.escrow && open == chain.pool.pending_shares.into(), || {
        let pending = chain.pool.pending_shares;
        format!("{open} shares wait, {} in the escrow, {pending} pending", chain.escrow)
    })?;
    for (serial, held) in &chain.batches {
        let (batch, old) = (&held.data, step.before.batches.get(serial).map(|held| &held.data));
        let joined = old.is_none_or(|old| old.shares_requested != batch.shares_requested);
        require("INV-6", !joined || batch.shares_settled == 0, || {
            format!("batch {serial} was joined after {} shares settled", batch.shares_settled)
        })?;
        let of_tickets: Amount = chain
            .tickets
            .values()
            .filter(|ticket| ticket.data.batch == *serial)
            .map(|ticket| Amount::from(ticket.data.shares))
            .sum();
        require("INV-6", of_tickets <= batch.shares_requested.into(), || {
            format!("tickets of batch {serial} hold {of_tickets} of {}", batch.shares_requested)
        })?;
    }
    Ok(())
}

/// No fee on gain that only makes up a loss, none above the config's, and the config stays.
fn inv_8(model: &Model, step: &Step) -> Check {
    let (before, after) = (&step.before.pool, &step.after.pool);
    // A config changes by its proposal alone, after all of its delay, and within the caps.
    let is_applied = matches!(step.op, Op::ApplyConfig) && step.done.said.is_some();
    let is_due = before.config_ready_at <= step.after.now() && before.config_ready_at > 0;
    let expected = if is_applied && is_due { before.proposed_config } else { before.config };
    require("INV-8", expected == after.config, || "the config has changed".into())?;
    require("INV-8", after.config.validate().is_ok(), || "a config beyond its caps".into())?;
    let (fee, base, bps) = match step.done.said {
        Some(Said::Finalized { gain, loss, fee, .. }) => {
            let carry = Amount::from(before.loss_carry_lamports);
            // The carry shrinks with the shares that bear it, never faster.
            let left = match Amount::from(before.carry_shares) {
                0 => carry,
                bore => carry.min(carry * step.before.shares() / bore),
            };
            (fee, less(gain, left + loss), after.config.reward_fee_bps)
        }
        Some(Said::Deposited { fee, .. }) => {
            let Op::Deposit { lamports, .. } = step.op else { return Ok(()) };
            (less(fee, 1), Amount::from(*lamports), after.config.deposit_fee_bps)
        }
        _ => return Ok(()),
    };
    let most = floor(base, bps.into(), 10_000);
    require("INV-8", fee <= most && bps <= 1_000, || {
        let config = &model.reference.start;
        format!("a fee of {fee} on {base}, at most {most}: {config:?}")
    })
}

/// Lamports come from somewhere and go somewhere.
fn inv_9(step: &Step) -> Check {
    let expected =
        step.before.total as i128 + step.done.injected - i128::try_from(step.done.fee).unwrap();
    let found = step.after.total as i128;
    require("INV-9", expected == found, || {
        format!("{found} lamports in all, {:+} unaccounted for", found - expected)
    })
}
