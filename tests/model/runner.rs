//! Runs: from a seed, or from a list of operations; shrinks what fails.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use crate::{
    apply::{Broken, Check, Model, broken},
    census::Census,
    generate::{ALL, Generator},
    ops::{By, Min, Op, Part, Place, Serial, Spoil, Start, To},
    reference::{Amount, Reference, SOL, Ticket, floor},
    replay,
    rng::Rng,
};

/// Steps of one run, one of these; a longer test is several runs, each with a fresh pool.
const RUNS: [usize; 5] = [60, 120, 250, 500, 1_000];
/// Shrinking stops after so many runs, or so long.
const SHRINK_RUNS: usize = 400;
const SHRINK_TIME: Duration = Duration::from_secs(150);
/// Epochs within which a ticket is paid (INV-11).
const EPOCHS_TO_PAY: usize = 3;

/// A list of operations that failed once, with the pool they need.
pub struct Kept {
    pub why: &'static str,
    pub start: Start,
    pub ops: Vec<Op>,
}

/// Where a run broke.
struct Failure {
    broken: Broken,
    ops: Vec<Op>,
}

/// Runs `steps` from `seed`.
///
/// # Panics
/// When an invariant breaks; the message can be replayed.
pub fn run_seed(seed: u64, steps: usize) -> Census {
    let mut census = Census::default();
    let mut left = steps;
    let mut number = 0;
    while left > 0 {
        let mut generator = Generator::new(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let steps = left.min(generator.rng.pick(&RUNS));
        left -= steps;
        let start = Start::draw(&mut generator.rng);
        let mut ops = Vec::new();
        let mut model = Model::new(&start);
        let outcome = guarded(|| {
            for _ in 0..steps {
                let op = generator.draw(&model.reference);
                ops.push(op.clone());
                model.step(&op)?;
            }
            pay_everyone(&mut model)?;
            replay::miss_each(&model)
        });
        census.add(&model.census);
        if let Err(broken) = outcome {
            // The end of a run is run again by each replay; it is told where it broke itself.
            let ops = if broken.id == "INV-11" { ops } else { model.steps };
            report(&format!("seed {seed}, run {number}"), &start, Failure { broken, ops });
        }
        number += 1;
    }
    census
}

/// Runs a kept list.
///
/// # Panics
/// When it breaks an invariant.
pub fn run_kept(kept: &Kept) {
    if let Err(broken) = replay(&kept.start, &kept.ops) {
        let (Broken { id, text }, why) = (&broken, kept.why);
        panic!("kept sequence \"{why}\" breaks {id}: {text}");
    }
}

/// Runs a list from a fresh pool to its end.
fn replay(start: &Start, ops: &[Op]) -> Check {
    guarded(|| {
        let mut model = Model::new(start);
        for op in ops {
            model.step(op)?;
        }
        pay_everyone(&mut model)
    })
}

/// A panic is a broken rule as well.
fn guarded(run: impl FnOnce() -> Check) -> Check {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
        broken("panic", text.unwrap_or_default())
    })
}

/// Shrinks a failing list and says everything.
fn report(name: &str, start: &Start, failure: Failure) -> ! {
    let Failure { broken, ops } = failure;
    let step = ops.len();
    eprintln!("{name}: step {step} breaks {}: {}", broken.id, broken.text);
    let is_wanted = std::env::var("MODEL_SHRINK").map_or(true, |value| value != "0");
    let (shortest, last) = if is_wanted { shrink(start, ops, broken) } else { (ops, broken) };
    let list: Vec<String> = shortest.iter().map(|op| format!("    {op:?},")).collect();
    let (id, text, list) = (last.id, last.text, list.join("\n"));
    panic!(
        "{name} breaks {id} at step {step}.\n\
         The shortest list found has {} operations:\n{start:?}\n{list}\nIt ends in {id}: {text}",
        shortest.len()
    );
}

/// Drops operations, many at a time and then fewer, as long as the same invariant still breaks.
fn shrink(start: &Start, mut ops: Vec<Op>, mut last: Broken) -> (Vec<Op>, Broken) {
    let began = Instant::now();
    let mut runs = 0;
    let mut chunk = ops.len().div_ceil(2);
    while chunk > 0 {
        let mut at = 0;
        let mut has_dropped = false;
        while at < ops.len() {
            if runs == SHRINK_RUNS || began.elapsed() > SHRINK_TIME {
                return (ops, last);
            }
            runs += 1;
            let mut fewer = ops.clone();
            fewer.drain(at..(at + chunk).min(fewer.len()));
            match replay(start, &fewer) {
                Err(broken) if broken.id == last.id => {
                    (ops, last, has_dropped) = (fewer, broken, true);
                }
                _ => at += chunk,
            }
        }
        if !has_dropped || chunk > 1 {
            chunk /= 2;
        }
    }
    (ops, last)
}

/// INV-11: whatever has happened, three epochs of an honest crank pay every ticket that was
/// requested before, while the pool has a value. The cluster's limits are left out.
fn pay_everyone(model: &mut Model) -> Check {
    model.step(&Op::Rewards { paying: false })?;
    // One corner is known: after a rise of rent, a reserve of nothing but claimable lamports waits
    // for a cent.
    let cent = model.reference.network.rent(0) as u64;
    model.step(&Op::Donate { who: 0, to: Place::Reserve, lamports: cent })?;
    let waiting: Vec<(usize, u64)> =
        model.reference.tickets.iter().map(|ticket| (ticket.first_owner, ticket.nonce)).collect();
    let mut attacker = Attacker { rng: Rng::new(model.steps.len() as u64) };
    for _ in 0..EPOCHS_TO_PAY {
        crank_epoch(model, &mut attacker)?;
    }
    let mut index = 0;
    while index < model.reference.tickets.len() {
        let ticket = &model.reference.tickets[index];
        if !waiting.contains(&(ticket.first_owner, ticket.nonce)) {
            index += 1;
            continue;
        }
        let ticket = ticket.clone();
        let by = if ticket.is_pushable { By::AStranger } else { By::TheOwner };
        let count = model.reference.tickets.len();
        model.step(&Op::Claim { ticket: index as u8, by, to: To::ItsOwner })?;
        if model.reference.tickets.len() == count {
            let pool = &model.reference;
            if is_covered(pool) && !is_too_little(pool, &ticket) {
                return broken("INV-11", format!("{ticket:?} is not paid after three epochs"));
            }
            index += 1;
        }
    }
    Ok(())
}

/// What the pool cannot pay out, the rent of slots and the float, is worth no more than the shares
/// that can never leave. A loss of nearly everything takes that cover away.
fn is_covered(pool: &Reference) -> bool {
    let bootstrap = Amount::from(pool.start.bootstrap_sol) * SOL;
    let kept = pool.open_slots() * pool.network.slot_rent() + pool.network.float();
    pool.has_value() && floor(bootstrap, pool.nav(), pool.shares) >= kept
}

/// The ticket is settled in full, but the runtime lets nobody hold so little.
fn is_too_little(pool: &Reference, ticket: &Ticket) -> bool {
    let batch = &pool.batches[&ticket.batch];
    let paid = pool.entitlement(ticket) - ticket.claimed;
    let wallet = pool.people[ticket.owner].lamports;
    batch.settled == batch.requested && wallet + paid < pool.network.rent(0)
}

/// An epoch as the keeper cranks it, while an attacker does what anybody may.
fn crank_epoch(model: &mut Model, attacker: &mut Attacker) -> Check {
    let validators = model.reference.validators.len() as u8;
    model.step(&Op::Epoch { skip: 1, gets_through: 100 })?;
    attacker.disturb(model)?;
    model.step(&Op::Sync { mask: ALL, spoil: Spoil::Sound })?;
    model.step(&Op::Finalize)?;
    attacker.disturb(model)?;
    for v in 0..validators {
        went_through(model, &Op::Review { v })?;
    }
    for v in 0..validators {
        while went_through(model, &Op::Merge { v })? {}
        while went_through(model, &Op::Collect { v })? {}
        went_through(model, &Op::Sweep { v })?;
    }
    while has_open_batch(model) && went_through(model, &Op::Settle { serial: Serial::Oldest })? {}
    model.step(&Op::GoTo { percent: 99 })?;
    attacker.disturb(model)?;
    // From those above their targets first, from any where a batch is overdue.
    for batch in [Serial::NoBatch, Serial::Oldest] {
        for v in 0..validators {
            while went_through(model, &Op::Undelegate { v, batch })? {}
        }
    }
    for v in 0..validators {
        while went_through(model, &Op::Delegate { v })? {}
    }
    attacker.disturb(model)
}

fn has_open_batch(model: &Model) -> bool {
    model.reference.oldest_batch() < model.reference.next_batch
}

/// Sends; true if it went through.
fn went_through(model: &mut Model, op: &Op) -> Result<bool, Broken> {
    model.step(op)?;
    Ok(model.last.is_some())
}

/// Somebody who wants tickets not to be paid.
struct Attacker {
    rng: Rng,
}

impl Attacker {
    /// A few acts that cost little: dust, small tickets, moves at the wrong time.
    fn disturb(&mut self, model: &mut Model) -> Check {
        for _ in 0..self.rng.below(4) {
            let v = self.rng.below(model.reference.validators.len() as u64) as u8;
            let (who, slot) = (3, self.rng.below(3) as u8);
            let op = match self.rng.below(8) {
                0 => {
                    let lamports = self.rng.magnitude(1 << 32);
                    Op::Deposit { who, lamports, min: Min::AnyShares, referrer: None }
                }
                1 => Op::Request {
                    who,
                    part: Part::Exactly(1 + self.rng.magnitude(1 << 31)),
                    pushable: false,
                    own_rent: true,
                    reuse_nonce: false,
                },
                2 => Op::Donate { who, to: Place::Slot(v, slot), lamports: 1_200_000 },
                3 => Op::Undelegate { v, batch: Serial::NoBatch },
                4 => Op::Delegate { v },
                5 => Op::Deactivate { v, slot },
                6 => Op::Tip { v, slot, lamports: self.rng.magnitude(1 << 22) },
                _ => Op::Settle { serial: Serial::Oldest },
            };
            model.step(&op)?;
        }
        Ok(())
    }
}
