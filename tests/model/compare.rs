//! The reference's figures against the chain's, to the lamport.

use std::fmt::{Debug, Display, Formatter};

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::state::{NO_YIELD, Record, SlotState};

use crate::{
    apply::{Check, Model, broken, config},
    chain::{Chain, Held},
    reference::{Amount, Payer, Role, SOL, curation::Standing, views::View},
};

/// What one of several things has: written out only where it differs.
struct Of<'a>(&'a str, u64, &'a str);

impl Display for Of<'_> {
    fn fmt(&self, f: &mut Formatter) -> std::fmt::Result {
        write!(f, "{} {} {}", self.0, self.1, self.2)
    }
}

/// Collects what differs.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare<T: PartialEq + Debug>(&mut self, name: impl Display, expected: T, found: T) {
        if expected != found {
            self.0.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }

    /// Lamports or shares: says by how much.
    fn amount(&mut self, name: impl Display, expected: Amount, found: impl Into<Amount>) {
        let found = found.into();
        if expected != found {
            let by = found as i128 - expected as i128;
            self.0.push(format!("{name}: expected {expected}, found {found} ({by:+})"));
        }
    }
}

/// Every figure.
pub fn all(model: &Model, chain: &Chain) -> Check {
    let mut found = Differences::default();
    books(&mut found, model, chain);
    totals(&mut found, model, chain);
    validators(&mut found, model, chain);
    withdrawals(&mut found, model, chain);
    balances(&mut found, model, chain);
    view(&mut found, model, chain);
    if found.0.is_empty() { Ok(()) } else { broken("reference", found.0.join("\n  ")) }
}

fn books(found: &mut Differences, model: &Model, chain: &Chain) {
    let (expected, pool) = (&model.reference, &chain.pool);
    found.amount("reserve account", expected.reserve_account, chain.reserve);
    found.amount("reserve_lamports", expected.reserve, pool.reserve_lamports);
    found.amount("staked_lamports", expected.staked(), pool.staked_lamports);
    found.amount("claimable_lamports", expected.claimable, pool.claimable_lamports);
    found.amount("shares", expected.shares, pool.shares);
    found.amount("fee_shares_owed", expected.fee_shares_owed, pool.fee_shares_owed);
    found.amount("pending gain", expected.pending_gain, pool.pending_gain_lamports);
    found.amount("pending loss", expected.pending_loss, pool.pending_loss_lamports);
    found.amount("pending fees", expected.pending_fees, pool.pending_fees_lamports);
    found.amount("locked gain", expected.locked.lamports, pool.locked_gain_lamports);
    found.compare("release start", expected.locked.start, pool.release_start);
    found.compare("release end", expected.locked.end, pool.release_end);
    found.amount("loss carry", expected.loss_carry, pool.loss_carry_lamports);
    found.amount("carry shares", expected.carry_shares, pool.carry_shares);
    found.amount("nav now", expected.nav(), chain.nav());
    found.amount("nav in the head", expected.head.nav, pool.nav_lamports);
    found.amount("assets in the head", expected.head.assets, pool.assets_lamports);
    found.compare("time of the head", expected.head.at, pool.updated_at);
    found.compare("circuit breaker", expected.circuit_until, pool.circuit_until);
    found.compare("config", config(&expected.start), pool.config);
    let powers = &expected.powers;
    found.compare("status", u8::from(powers.is_winding_down), pool.status);
    found.compare("pauses", powers.paused_until, pool.paused_until);
    found.compare("guardian ready", powers.guardian_ready, pool.guardian_ready_at);
    let ready = powers.proposal.map_or(0, |(_, ready)| ready);
    found.compare("config ready", ready, pool.config_ready_at);
    found.compare("wind-down", powers.wind_down_at.unwrap_or(0), pool.wind_down_at);

    let last = &expected.finalized;
    found.compare("epoch", last.epoch, pool.epoch);
    found.compare("finalized at", last.at, pool.finalized_at);
    found.amount("staked at finalize", last.staked, pool.finalized_staked_lamports);
    found.amount("shares at finalize", last.shares, pool.finalized_shares);
    found.amount("liquidity target", last.liquidity_target, pool.liquidity_target_lamports);
    found.amount("epoch gain", last.epoch_gain, pool.epoch_gain_lamports);
    found.amount("minimum delegation", last.minimum, pool.min_delegation_lamports);
    found.amount("SOL per window", last.sol_per_window, pool.sol_per_window);
    found.amount("rent of slots", last.slot_rent, pool.slot_rent_lamports);
    found.compare("yields", last.yields, pool.yields_ppb.map(Amount::from));
    found.compare("mean yields", expected.mean_yields, pool.mean_yields_ppb.map(Amount::from));
    let nominees = [pool.nominated_admin, pool.nominated_operator, pool.nominated_guardian];
    for (index, nominee) in nominees.into_iter().enumerate() {
        let key = model.nominees[index].as_ref().map_or(Pubkey::default(), Signer::pubkey);
        found.compare(Of("role", index as u64, "nominee"), key, nominee);
    }
    let world = &model.world;
    let authorities = [&world.admin, &world.operator, &world.guardian].map(|key| key.pubkey());
    found.compare("authorities", authorities, [pool.admin, pool.operator, pool.guardian]);
}

/// What the pool counts: added up one by one here.
fn totals(found: &mut Differences, model: &Model, chain: &Chain) {
    let (expected, pool) = (&model.reference, &chain.pool);
    let all = &expected.validators;
    let counts = Amount::from(!expected.powers.is_winding_down);
    let weights = all.iter().map(|it| it.weight).sum::<Amount>() * counts;
    let next_weights = all.iter().map(|it| it.next_weight).sum::<Amount>() * counts;
    found.amount("weight sum", weights, pool.weight_sum);
    found.amount("next weight sum", next_weights, pool.next_weight_sum);
    found.amount("open slots", expected.open_slots(), pool.open_slots);
    let cooling = || expected.slots(|slot| slot.role == Role::Cooling);
    found.amount("cooling slots", cooling().count() as Amount, pool.cooling_slots);
    let lamports = cooling().map(|slot| slot.recorded).sum();
    found.amount("cooling lamports", lamports, pool.cooling_lamports);
    let holding = all.iter().filter(|it| it.is_held()).count();
    found.compare("holding validators", holding, pool.holding_validators as usize);
    if pool.counters.epoch == chain.clock.epoch {
        let synced = holding - expected.unsynced();
        found.compare("synced validators", synced, pool.synced_validators as usize);
        let counters = &pool.counters;
        let moved = |counter| expected.moved_now(counter);
        found.amount("rebalanced", moved(expected.rebalanced), counters.rebalanced_lamports);
        let from_violators = moved(expected.rebalanced_aside);
        found.amount("from violators", from_violators, counters.violator_lamports);
        found.amount("weight taken", moved(expected.taken_aside), counters.aside_weight);
        let exits = pool.counters.stale_exit_lamports;
        found.amount("exits before finalize", expected.stale_exits_now(), exits);
    }
}

fn validators(found: &mut Differences, model: &Model, chain: &Chain) {
    let pool_epoch = chain.pool.epoch;
    found.compare("records", model.reference.validators.len(), chain.records.len());
    for (index, expected) in model.reference.validators.iter().enumerate() {
        let record = &chain.records[index];
        if expected.is_free {
            found.compare(Of("validator", index as u64, "free"), Record::default(), *record);
            continue;
        }
        standing(found, index, &expected.standing, record);
        let name = |what| Of("validator", index as u64, what);
        found.compare(name("booked in"), expected.booked, record.booked_epoch);
        found.amount(name("weight"), expected.weight, record.weight_at(pool_epoch));
        found.amount(name("next weight"), expected.next_weight, record.next_weight);
        found.amount(name("gain"), expected.gain, record.gain_lamports);
        found.amount(name("loss"), expected.loss, record.loss_lamports);
        found.compare(name("main"), expected.main(), record.main());
        for (place, slot) in expected.slots.iter().enumerate() {
            let name = |what| Of("slot", (10 * index + place) as u64, what);
            let recorded = &record.slots[place];
            let (lamports, stake) = chain.slots[index][place];
            found.compare(name("role"), slot.role, role(recorded.state()));
            found.amount(name("recorded"), slot.recorded, recorded.lamports);
            found.compare(name("since"), slot.since, recorded.epoch);
            found.amount(name("lamports"), slot.lamports, lamports);
            found.compare(name("stake"), slot.stake, stake);
        }
    }
}

/// What reviews go by, and what they have made of a validator.
fn standing(found: &mut Differences, index: usize, expected: &Standing, record: &Record) {
    let name = |what| Of("validator", index as u64, what);
    found.compare(name("leaving"), expected.is_leaving, record.is_leaving());
    found.compare(name("set aside"), expected.is_aside, record.is_set_aside());
    found.amount(name("weight aside"), expected.aside, record.aside_weight);
    found.compare(name("relapses"), expected.relapses, record.relapses.into());
    found.compare(name("compliant"), expected.compliant, record.compliant.into());
    found.compare(name("reviewed"), expected.reviewed, record.reviewed_epoch);
    found.amount(name("sampled"), expected.sampled, record.sampled_lamports);
    let known = |ppb: u32| (ppb != NO_YIELD).then_some(Amount::from(ppb));
    found.amount(name("stake at work"), expected.at_work, record.epoch_stake_sol);
    found.amount(name("share"), expected.shared, record.dilution_percent);
    found.amount(name("windows"), expected.windows, record.windows_16);
    found.amount(name("deficit"), expected.deficit, record.deficit_ppm);
    found.compare(name("yields"), expected.yields, record.yields_ppb.map(known));
}

fn role(state: SlotState) -> Role {
    match state {
        SlotState::Closed => Role::Closed,
        SlotState::Open => Role::Open,
        SlotState::Activating => Role::Activating,
        SlotState::Active => Role::Active,
        SlotState::Cooling => Role::Cooling,
        SlotState::Odd => Role::Odd,
    }
}

fn withdrawals(found: &mut Differences, model: &Model, chain: &Chain) {
    let (expected, pool) = (&model.reference, &chain.pool);
    found.compare("next batch", expected.next_batch, pool.next_batch);
    found.compare("oldest batch", expected.oldest_batch(), pool.oldest_batch);
    found.amount("pending shares", expected.pending_shares(), pool.pending_shares);
    let serials: Vec<u64> = expected.batches.keys().copied().collect();
    found.compare("batches", serials, chain.batches.keys().copied().collect());
    for (serial, expected) in &expected.batches {
        let Some(held) = chain.batches.get(serial) else { continue };
        let (batch, name) = (&held.data, |what| Of("batch", *serial, what));
        found.compare(name("serial"), *serial, batch.serial);
        found.compare(name("epoch"), expected.epoch, batch.epoch);
        found.amount(name("requested"), expected.requested, batch.shares_requested);
        found.amount(name("settled"), expected.settled, batch.shares_settled);
        found.amount(name("lamports"), expected.lamports_settled, batch.lamports_settled);
        found.amount(name("claimed"), expected.claimed, batch.lamports_claimed);
        found.compare(name("tickets"), expected.tickets, batch.tickets);
        found.amount(name("rent"), expected.rent, held.lamports);
        found.compare(name("opener"), address(model, expected.opener), batch.opener);
    }
    found.compare("tickets", expected.tickets.len(), chain.tickets.len());
    for expected in &expected.tickets {
        let name = (expected.first_owner, expected.nonce);
        let Some(held) = chain.tickets.get(&name) else {
            found.0.push(format!("ticket {name:?} is gone"));
            continue;
        };
        let (ticket, name) = (&held.data, |what| Of("ticket", expected.nonce, what));
        found.compare(name("batch"), expected.batch, ticket.batch);
        found.amount(name("shares"), expected.shares, ticket.shares);
        found.amount(name("claimed"), expected.claimed, ticket.lamports_claimed);
        found.amount(name("rent"), expected.rent, held.lamports);
        found.compare(name("pushable"), expected.is_pushable, ticket.is_pushable);
        found.compare(name("payer"), address(model, expected.payer), ticket.payer);
        found.compare(name("owner"), model.people[expected.owner].address(), ticket.owner);
    }
}

fn view(found: &mut Differences, model: &Model, chain: &Chain) {
    let shown = chain.view.as_ref().map(|Held { data, lamports }| {
        let pair = |shares: u64, lamports: u64| (shares.into(), lamports.into());
        View {
            rent: *lamports,
            epoch: data.last_update_epoch,
            now: pair(data.pool_token_supply, data.total_lamports),
            first: pair(data.first_pool_token_supply, data.first_total_lamports),
            last: pair(data.last_epoch_pool_token_supply, data.last_epoch_total_lamports),
        }
    });
    found.compare("the view", model.reference.view.as_ref(), shown.as_ref());
}

fn address(model: &Model, payer: Payer) -> Pubkey {
    match payer {
        Payer::World => model.payer,
        Payer::Holder(who) => model.people[who].address(),
    }
}

fn balances(found: &mut Differences, model: &Model, chain: &Chain) {
    let expected = &model.reference;
    for (index, person) in expected.people.iter().enumerate() {
        let (lamports, tokens) = chain.people[index];
        found.amount(Of("holder", index as u64, "lamports"), person.lamports, lamports);
        found.amount(Of("holder", index as u64, "shares"), person.tokens, tokens);
        let prefund = chain.next_tickets[index];
        found.amount(Of("holder", index as u64, "next ticket"), person.next_ticket, prefund);
    }
    found.amount("next batch's address", expected.next_batch_prefund, chain.next_batch);
    let bootstrap = Amount::from(expected.start.bootstrap_sol) * SOL;
    found.amount("bootstrap", bootstrap, chain.bootstrap);
    found.amount("escrow", expected.escrow, chain.escrow);
    found.amount("treasury", expected.treasury, chain.treasury);
    found.amount("supply", expected.supply, chain.supply);
    found.compare("list account", expected.list_account, chain.list);
    found.amount("payer", expected.payer, chain.payer);
    found.amount("pool account", expected.pool_account.0, chain.pool_lamports);
}
