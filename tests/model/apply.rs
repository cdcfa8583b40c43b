//! Does one operation on the chain and in the reference, and compares what came of it.

mod crank;
mod curation;
mod environment;
mod exits;
mod instructions;
mod operate;
mod powers;
mod stake;
pub mod tally;
mod trespass;
mod users;
mod views;

use std::collections::BTreeMap;

use anchor_lang::prelude::Pubkey;
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_transaction::TransactionError;
use thaw_client::thaw::{
    events,
    state::{Config, Pool},
};
use thaw_tests::{Holder, Sent, Setup, World, checks};

use crate::{
    census::Census,
    chain::Chain,
    compare,
    invariants::{self, Instants},
    ops::{Op, Start},
    reference::{
        Amount, Ballot, Finalized, Head, Network, Person, Reference, Refusal, SOL, Said, Stake,
        Validator, epoch::FIRST_YIELD,
    },
    replay::{self, Follower},
};

/// Holders of each run; the last is the attacker.
pub const PEOPLE: usize = 4;
/// A fee per signature.
const FEE: Amount = 5_000;

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The invariant's id, or `reference` where a figure or an outcome was predicted otherwise.
    pub id: &'static str,
    /// What, and by how much.
    pub text: String,
}

pub type Check = Result<(), Broken>;

/// What came of an instruction.
type Outcome = Result<Done, Broken>;

/// Breaks `id` with a text.
pub fn broken<T>(id: &'static str, text: String) -> Result<T, Broken> {
    Err(Broken { id, text })
}

/// Who did a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A holder, with instructions.
    Holder(usize),
    /// Anyone.
    Crank,
    /// Nobody: time, the network, the operator.
    Other,
}

/// What a step did beside what the chain shows.
#[derive(Clone, Debug)]
pub struct Done {
    pub actor: Actor,
    /// Lamports that came from nowhere, or went there.
    pub injected: i128,
    /// Transaction fees.
    pub fee: Amount,
    /// The instruction went through; what it said.
    pub said: Option<Said>,
    /// The validator whose slots an instruction worked on.
    pub worked_on: Option<usize>,
}

impl Done {
    /// Nothing but time or the network.
    pub fn outside(injected: i128) -> Self {
        Self { actor: Actor::Other, injected, fee: 0, said: None, worked_on: None }
    }
}

/// A validator that was removed: its vote account, what its slots' addresses hold, what its votes
/// show.
pub type Former = (Pubkey, [(Amount, Stake); 3], Ballot);

/// The chain, the reference, and what links them.
pub struct Model {
    pub world: World,
    pub reference: Reference,
    pub people: Vec<Holder>,
    pub payer: Pubkey,
    /// Gets the fee shares.
    pub treasury: Pubkey,
    /// Addresses of the batches up to the next one.
    pub batches: Vec<Pubkey>,
    /// Addresses of all tickets there ever were and of each holder's next.
    pub tickets: BTreeMap<(usize, u64), Pubkey>,
    /// Addresses of the slots.
    pub slots: Vec<[Pubkey; 3]>,
    /// Validators that were removed.
    pub former: Vec<Former>,
    /// A stake account that nobody has filled.
    pub spare_stake: Pubkey,
    /// Lamports of stake accounts that a trespass has put on the chain.
    pub brought: Amount,
    /// Who is nominated for each authority.
    pub nominees: [Option<Keypair>; 3],
    /// The last ticket that was closed.
    pub closed: Option<(usize, u64, u64)>,
    pub before: Option<Chain>,
    pub instants: Instants,
    /// Rebuilds the pool from the logs.
    pub follower: Follower,
    /// Every step so far.
    pub steps: Vec<Op>,
    /// How often each outcome came up.
    pub census: Census,
    /// What the last step's instruction said, if it went through.
    pub last: Option<Said>,
    /// A vote account that no pool lists: everybody else's stake is with it.
    pub elsewhere: Pubkey,
}

/// The config of a pool.
pub fn config(start: &Start) -> Config {
    Config {
        release_seconds: start.release_seconds,
        reward_fee_bps: start.reward_fee_bps,
        deposit_fee_bps: start.deposit_fee_bps,
        liquidity_target_bps: start.liquidity_bps,
        piece_bps: start.piece_bps,
        max_rebalance_bps: start.rebalance_bps,
        max_violator_bps: start.rules.violator_bps,
        move_window_bps: start.window_bps,
        circuit_loss_bps: start.circuit_bps,
        max_validator_bps: start.max_validator_bps,
        min_validators: start.min_validators,
        instant_fee_min_bps: start.exits.instant_min_bps,
        instant_fee_max_bps: start.exits.instant_max_bps,
        stale_haircut_bps: start.exits.haircut_bps,
        stale_exit_bps: start.exits.stale_exit_bps,
        stake_withdrawal_fee_bps: start.exits.stake_fee_bps,
        referral_bps: start.exits.referral_bps,
        max_commission_bps: start.rules.max_commission_bps,
        aside_bps: start.rules.aside_bps,
        require_bls: start.rules.require_bls.into(),
        ..thaw_tests::world::config()
    }
}

impl Model {
    /// A fresh pool, and the same in numbers.
    pub fn new(start: &Start) -> Self {
        let bootstrap = start.bootstrap_sol * thaw_tests::SOL;
        let validators = usize::from(start.validators);
        let setup = Setup { config: config(start), validators, bootstrap_lamports: bootstrap };
        let mut world = World::with(setup);
        let people: Vec<Holder> =
            (0..PEOPLE).map(|_| world.holder(start.wallet_sol * thaw_tests::SOL)).collect();
        let payer = world.payer.pubkey();
        let treasury = world.give_treasury();
        let spare_stake = world.fresh_stake();
        let reference = reference_of(&world, start);
        let slots = world.votes.iter().map(|vote| world.pool.slots(vote)).collect();
        let follower = Follower::new(world.pool.pool);
        let mut model = Self {
            before: None,
            world,
            reference,
            people,
            payer,
            treasury,
            batches: Vec::new(),
            tickets: BTreeMap::new(),
            slots,
            former: Vec::new(),
            spare_stake,
            brought: 0,
            nominees: [None, None, None],
            closed: None,
            instants: Instants::default(),
            follower,
            steps: Vec::new(),
            census: Census::default(),
            last: None,
            elsewhere: Pubkey::new_unique(),
        };
        model.reference.payer = model.world.lamports(&payer).into();
        model.world.known.insert(model.world.pool.spl_view());
        model.set_clock();
        model.set_history();
        model.know_next();
        model.before = Some(Chain::read(&model));
        model
    }

    /// One step: both sides, then everything that must hold.
    pub fn step(&mut self, op: &Op) -> Check {
        self.steps.push(op.clone());
        let done = self.apply(op)?;
        self.know_next();
        let after = Chain::read(self);
        compare::all(self, &after)?;
        let before = self.before.take().expect("read at the start and after each step");
        invariants::all(self, &before, &after, op, &done)?;
        replay::follow(self, &after)?;
        self.before = Some(after);
        self.last = done.said;
        for note in std::mem::take(&mut self.reference.notes) {
            self.census.note(note);
        }
        Ok(())
    }

    /// What the present step is called.
    fn name(&self) -> &'static str {
        self.steps.last().map_or("", Op::name)
    }

    fn apply(&mut self, op: &Op) -> Result<Done, Broken> {
        match op {
            Op::Fork { order } => {
                crate::fork::both_orders(self, *order)?;
                self.census.count_op(op.name(), true);
                Ok(Done::outside(0))
            }
            op if op.is_outside() => {
                self.census.count_op(op.name(), true);
                Ok(self.happen(op))
            }
            op => self.instruct(op),
        }
    }

    /// Sends instructions whose outcome is predicted, and compares.
    fn send(
        &mut self,
        actor: Actor,
        instructions: &[Instruction],
        signers: &[&Keypair],
        predicted: Result<Said, Refusal>,
    ) -> Result<Done, Broken> {
        let others = signers.iter().filter(|signer| signer.pubkey() != self.payer).count();
        let fee = FEE * (1 + others as Amount);
        let outcome = self.world.send(instructions, signers);
        self.census.count_op(self.name(), outcome.is_ok());
        for instruction in instructions {
            self.census.count_instruction(tally::name_of(instruction), outcome.is_ok());
        }
        self.reference.payer -= fee;
        let found = told(&outcome, &predicted);
        self.census.count(&found);
        if found != predicted {
            let logs = match &outcome {
                Ok(sent) => &sent.logs,
                Err(refused) => &refused.logs,
            };
            let text = format!("predicted {predicted:?}, found {found:?}\n{logs:#?}");
            return broken("reference", text);
        }
        Ok(Done { actor, injected: 0, fee, said: predicted.ok(), worked_on: None })
    }

    /// Has the world know the addresses that come next.
    fn know_next(&mut self) {
        while self.batches.len() <= self.reference.next_batch as usize {
            self.batches.push(self.world.pool.batch(self.batches.len() as u64));
        }
        for (index, person) in self.reference.people.iter().enumerate() {
            let pool = &self.world.pool;
            let address = || pool.ticket(&self.people[index].address(), person.nonce);
            self.tickets.entry((index, person.nonce)).or_insert_with(address);
        }
        self.world.known.extend(&self.batches);
        self.world.known.extend(self.tickets.values());
    }
}

/// What an outcome says, in the words of the prediction.
fn told(outcome: &thaw_tests::Outcome, predicted: &Result<Said, Refusal>) -> Result<Said, Refusal> {
    let sent = match outcome {
        Ok(sent) => sent,
        Err(refused) => return Err(refusal(refused, predicted)),
    };
    Ok(predicted.as_ref().map_or(Said::Nothing, |said| read_event(sent, said)))
}

fn read_event(sent: &Sent, said: &Said) -> Said {
    match said {
        Said::Nothing => Said::Nothing,
        Said::Power(name) => Said::Power(name),
        Said::Deposited { .. } => {
            let event: events::SolDeposited = sent.event();
            assert_eq!(sent.number(), event.shares);
            let (shares, fee) = (event.shares.into(), event.fee_lamports.into());
            Said::Deposited { shares, fee, referral: event.referral_shares.into() }
        }
        Said::PaidAtOnce { .. } => {
            let event: events::WithdrawnInstantly = sent.event();
            assert_eq!(sent.number(), event.lamports);
            let (lamports, fee) = (event.lamports.into(), event.fee_lamports.into());
            Said::PaidAtOnce { shares: event.shares.into(), lamports, fee }
        }
        Said::StakeIn { .. } => {
            let event: events::StakeDeposited = sent.event();
            assert_eq!(sent.number(), event.shares);
            let (lamports, fee) = (event.lamports.into(), event.fee_lamports.into());
            let referral = event.referral_shares.into();
            Said::StakeIn { shares: event.shares.into(), lamports, fee, referral }
        }
        Said::StakeOut { .. } => {
            let event: events::StakeWithdrawn = sent.event();
            assert_eq!(sent.number(), event.lamports);
            let (lamports, fee) = (event.lamports.into(), event.fee_lamports.into());
            Said::StakeOut { shares: event.shares.into(), lamports, fee }
        }
        Said::Claimed { .. } => {
            let event: events::WithdrawalClaimed = sent.event();
            assert_eq!(sent.number(), event.lamports);
            Said::Claimed { lamports: event.lamports.into(), is_closed: event.is_closed }
        }
        Said::Synced { .. } => {
            let event: events::ValidatorsSynced = sent.event();
            let (gain, loss) = (event.gain_lamports.into(), event.loss_lamports.into());
            Said::Synced { booked: event.booked.into(), gain, loss }
        }
        Said::Finalized { .. } => {
            let event: events::EpochFinalized = sent.event();
            Said::Finalized {
                gain: event.gain_lamports.into(),
                loss: event.loss_lamports.into(),
                fee: event.fee_lamports.into(),
                fee_shares: event.fee_shares.into(),
            }
        }
        Said::Settled { .. } => {
            let event: events::WithdrawalsSettled = sent.event();
            Said::Settled { shares: event.shares.into(), lamports: event.lamports.into() }
        }
        Said::Moved { .. } => {
            let event: events::StakeMoved = sent.event();
            Said::Moved { kind: event.kind, lamports: event.lamports.into() }
        }
        Said::Closed { .. } => {
            let event: events::BatchClosed = sent.event();
            Said::Closed { dust: event.dust_lamports.into() }
        }
        Said::Reviewed { .. } => {
            let event: events::ValidatorReviewed = sent.event();
            let (taken, returned) = (event.taken_weight.into(), event.returned_weight.into());
            Said::Reviewed { violation: event.violation, taken, returned }
        }
        Said::Removed { .. } => {
            let event: events::ValidatorRemoved = sent.event();
            let (slots, marker) = (event.slot_lamports.into(), event.marker_lamports.into());
            Said::Removed { is_gone: event.is_gone, slots, marker }
        }
    }
}

/// Names a refusal. A code is one of the program's where the prediction says so, since codes of
/// different programs may be equal.
fn refusal(refused: &thaw_tests::Refused, predicted: &Result<Said, Refusal>) -> Refusal {
    match &refused.error {
        TransactionError::InsufficientFundsForRent { .. } => Refusal::Rent,
        TransactionError::InstructionError(_, InstructionError::Custom(code)) => match predicted {
            Err(Refusal::Thaw(name)) if checks::code(name.0) == *code => Refusal::Thaw(*name),
            _ => Refusal::Code(*code),
        },
        TransactionError::InstructionError(_, error) => Refusal::Builtin(error.clone()),
        other => panic!("{other:?}"),
    }
}

/// The reference of a pool that has just been opened.
fn reference_of(world: &World, start: &Start) -> Reference {
    let clock = world.clock();
    let bootstrap = Amount::from(start.bootstrap_sol) * SOL;
    let network = Network {
        epoch: clock.epoch,
        slot: 0,
        now: clock.unix_timestamp,
        epoch_start: clock.unix_timestamp,
        is_paying_rewards: false,
        paid: 0,
        epoch_total: 0,
        epoch_elsewhere: 0,
        lamports_per_byte: world.rent().lamports_per_byte.into(),
        changing: BTreeMap::new(),
    };
    let person = Person { lamports: Amount::from(start.wallet_sol) * SOL, ..Person::default() };
    let marker = world.votes.first().map_or(0, |vote| world.lamports(&world.pool.marker(vote)));
    let validator = Validator {
        next_weight: 1,
        marker: marker.into(),
        ballot: Ballot::fresh(&network),
        ..Validator::default()
    };
    Reference {
        start: *start,
        reserve_account: bootstrap + network.rent(0),
        reserve: bootstrap,
        claimable: 0,
        shares: bootstrap,
        fee_shares_owed: 0,
        pending_gain: 0,
        pending_loss: 0,
        pending_fees: 0,
        locked: Default::default(),
        loss_carry: 0,
        carry_shares: 0,
        finalized: Finalized {
            epoch: clock.epoch,
            at: clock.unix_timestamp,
            shares: bootstrap,
            liquidity_target: bootstrap * Amount::from(start.liquidity_bps) / 10_000,
            yields: [FIRST_YIELD; 3],
            ..Finalized::default()
        },
        circuit_until: 0,
        powers: Default::default(),
        head: Head { nav: bootstrap, assets: bootstrap, at: clock.unix_timestamp },
        rebalanced: (0, 0),
        rebalanced_aside: (0, 0),
        taken_aside: (0, 0),
        samples: Vec::new(),
        mean_yields: [0; 3],
        stale_exits: (0, 0),
        validators: vec![validator; start.validators.into()],
        batches: BTreeMap::new(),
        next_batch: 0,
        next_batch_prefund: 0,
        tickets: Vec::new(),
        people: vec![person; PEOPLE],
        escrow: 0,
        treasury: 0,
        supply: bootstrap,
        payer: 0,
        pool_account: (world.lamports(&world.pool.pool).into(), Pool::BYTES as Amount),
        list_account: (
            world.lamports(&world.pool.validators).into(),
            world.svm.get_account(&world.pool.validators).map_or(0, |it| it.data.len()) as Amount,
        ),
        view: None,
        paid_to_fresh: 0,
        notes: Vec::new(),
        network,
    }
}
