//! What must hold whatever is sent, and whoever signs it.

use anchor_lang::{Discriminator, prelude::Pubkey};
use solana_instruction::error::InstructionError;
use solana_transaction::TransactionError;
use thaw_client::thaw::{
    instruction::{ClaimWithdrawal, SetMetadata, WithdrawInstant},
    state::Pool,
};
use thaw_tests::{Refused, World, sums::is_not_below};

use crate::{corpus::line, input::Input, scene::Scene};

/// What the runtime logs of seeds that give no address.
const NO_ADDRESS: &str = "Could not create program address with signer seeds";

/// What is compared.
pub struct Before {
    pool: Box<Pool>,
    now: i64,
    lamports: u64,
    wallet: u64,
    tokens: u64,
    shares: u64,
}

impl Before {
    /// Before anything is sent.
    pub fn of(scene: &Scene) -> Self {
        let world = &scene.world;
        Self {
            pool: world.pool(),
            now: world.now(),
            lamports: lamports(world),
            wallet: world.lamports(&scene.victim.address()),
            tokens: world.tokens(&scene.victim.tokens),
            shares: world.ticket(&scene.ticket).map_or(0, |ticket| ticket.shares),
        }
    }

    /// After `input` and what was refused before it, which cost `fee` lamports.
    #[track_caller]
    pub fn assert_after(&self, scene: &mut Scene, input: &Input, fee: u64) {
        let gifts = take_gift(scene, input);
        let world = &scene.world;
        world.assert_books();
        assert!(is_not_below((&world.pool(), world.now()), (&self.pool, self.now)), "INV-4");
        assert_eq!(lamports(world) + gifts + fee, self.lamports, "INV-9: lamports");
        // Who signs nothing loses nothing: a ticket goes only by being paid.
        let wallet = world.lamports(&scene.victim.address());
        assert!(wallet >= self.wallet && world.tokens(&scene.victim.tokens) >= self.tokens);
        match world.ticket(&scene.ticket) {
            Some(ticket) => {
                assert_eq!((ticket.owner, ticket.shares), (scene.victim.address(), self.shares));
            }
            None => assert!(wallet > self.wallet, "a ticket is gone and nothing was paid"),
        }
    }
}

/// Where an exit and a claim name who is paid.
const RECIPIENT: usize = 5;

/// An exit or a claim may pay any account, a slot too, whose balance the books see with the next sync:
/// what was paid is taken out of it again.
fn take_gift(scene: &mut Scene, input: &Input) -> u64 {
    let pays = [WithdrawInstant::DISCRIMINATOR, ClaimWithdrawal::DISCRIMINATOR];
    if !pays.iter().any(|kind| input.data.starts_with(kind)) {
        return 0;
    }
    let paid = scene.places.key(input.metas[RECIPIENT].place);
    let world = &mut scene.world;
    let mut slots = world.records().into_iter().zip(0..).flat_map(|(record, index)| {
        record.slots.into_iter().zip(0..).map(move |(slot, place)| (index, place, slot))
    });
    let slot =
        slots.find(|(index, place, slot)| slot.is_open() && world.slot(*index, *place) == paid);
    let Some((.., slot)) = slot else { return 0 };
    let gift = world.lamports(&paid) - slot.lamports;
    world.change_stake(&paid, |account| account.lamports -= gift);
    gift
}

/// Lamports of all accounts there are.
fn lamports(world: &World) -> u64 {
    let known: Vec<Pubkey> = world.known.iter().copied().collect();
    known.iter().map(|key| world.lamports(key)).sum()
}

/// Refused in order: no abort, no memory fault, no lamports that appear.
///
/// Two aborts are known, and harm who sends them alone: a text of `set_metadata` that claims to be longer
/// than the heap ends the program while it is being decoded; and the runtime ends a call with seeds that
/// give no address, as the bump of a ticket may, and says so.
#[track_caller]
pub fn assert_orderly(refused: &Refused, input: &Input) {
    let TransactionError::InstructionError(_, error) = &refused.error else { return };
    let is_text = input.data.starts_with(SetMetadata::DISCRIMINATOR);
    let is_bump = refused.logs.iter().any(|line| line.contains(NO_ADDRESS));
    if (is_text || is_bump) && *error == InstructionError::ProgramFailedToComplete {
        return;
    }
    let broken = [
        InstructionError::ProgramFailedToComplete,
        InstructionError::UnbalancedInstruction,
        InstructionError::ComputationalBudgetExceeded,
    ];
    assert!(!broken.contains(error), "{error:?}: {}\n{:#?}", line(input), refused.logs);
}
