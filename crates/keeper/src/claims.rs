//! Which tickets are worth pushing to their owners. Pure, like [`crate::plan()`].

use anchor_lang::prelude::Pubkey;
use thaw::state::{Batch, Ticket};
use thaw_client::Snapshot;
use thaw_math::{Lamports, Shares, entitlement_down};

use crate::action::{Action, Claim};

/// Less than this is left to the owner: the keeper pays the fee of a push, and anyone can make
/// tickets of a lamport.
pub const MIN_PUSH_LAMPORTS: u64 = 100_000;

/// What the batches owe, as far as a search for tickets depends on it: serial, lamports settled,
/// lamports claimed, tickets. Empty when no ticket has anything to get.
pub fn claimable(snapshot: &Snapshot) -> Vec<(u64, u64, u64, u32)> {
    let owes =
        |batch: &&Batch| batch.tickets > 0 && batch.lamports_settled > batch.lamports_claimed;
    let print = |batch: &Batch| {
        (batch.serial, batch.lamports_settled, batch.lamports_claimed, batch.tickets)
    };
    snapshot.batches.iter().filter(owes).map(print).collect()
}

/// Claims for every pushable ticket that can get a sum worth a transaction now.
pub fn plan_claims(snapshot: &Snapshot, tickets: &[(Pubkey, Ticket)]) -> Vec<Action> {
    tickets.iter().filter_map(|(key, ticket)| claim(snapshot, *key, ticket)).collect()
}

fn claim(snapshot: &Snapshot, key: Pubkey, ticket: &Ticket) -> Option<Action> {
    let batch = snapshot.batches.iter().find(|batch| batch.serial == ticket.batch)?;
    let entitled = entitlement_down(
        Shares(ticket.shares),
        Lamports(batch.lamports_settled),
        Shares(batch.shares_requested),
    )?;
    let lamports = entitled.0.checked_sub(ticket.lamports_claimed)?;
    let is_ours = ticket.pool == snapshot.addresses.pool && ticket.is_pushable;
    (is_ours && lamports >= MIN_PUSH_LAMPORTS).then_some(Action::Claim(Claim {
        ticket: key,
        serial: ticket.batch,
        owner: ticket.owner,
        rent_recipient: ticket.payer,
        lamports,
    }))
}
