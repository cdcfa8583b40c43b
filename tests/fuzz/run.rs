//! The loop.

use std::{collections::BTreeSet, env, thread};

use thaw_tests::{Outcome, traced::traced_machine};

use crate::{
    corpus,
    coverage::{Coverage, New, Trace},
    input::{Input, Rng},
    oracle::{Before, assert_orderly},
    places::Scene,
};

/// Executions in an ordinary test run.
const RUNS: usize = 4_000;
/// Lamports of a signature.
const SIGNATURE: u64 = 5_000;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

/// The discriminator, if it is one.
fn head(input: &Input, known: &[Input]) -> Vec<u8> {
    let head: Vec<u8> = input.data.iter().copied().take(8).collect();
    if known.iter().any(|it| it.data.starts_with(&head)) { head } else { Vec::new() }
}

/// How an input ended: a code, or what the runtime said.
fn ending(outcome: &Outcome) -> String {
    match outcome {
        Ok(_) => "through".into(),
        Err(refused) => format!("{:?}", refused.error),
    }
}

/// Shows an input where what it did fails the test.
struct Shown(Input);

impl Drop for Shown {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("input: {}", corpus::line(&self.0));
        }
    }
}

#[test]
fn whatever_is_sent_the_books_hold() {
    let runs = from_environment("THAW_FUZZ_RUNS", RUNS as u64) as usize;
    let mut rng = Rng(from_environment("THAW_FUZZ_SEED", 1));
    let trace = Trace::default();
    let mut scene = Scene::new(traced_machine(trace.clone()));
    trace.take();
    let start = scene.world.svm.clone();
    let before = Before::of(&scene);

    let known: Vec<Input> =
        scene.instructions.iter().map(|it| Input::of(it, &scene.places)).collect();
    let mut queue = known.clone();
    queue.extend(corpus::read());
    let given = queue.len();
    let (mut coverage, mut endings) = (Coverage::default(), BTreeSet::new());
    let (mut kept, mut through) = (Vec::new(), BTreeSet::new());
    let (mut done, mut fees) = (0, 0);
    while done < runs.max(given) {
        let input = if done < given {
            queue[done].clone()
        } else {
            // The newest inputs more often than the others.
            let first = if rng.below(2) == 0 { queue.len() / 2 } else { 0 };
            let base = &queue[first + rng.below(queue.len() - first)];
            base.mutated(&queue[rng.below(queue.len())], scene.places.count(), &mut rng)
        };
        done += 1;
        let shown = Shown(input.clone());
        let instruction = input.instruction(&scene.places);
        let signers = scene.places.signers(&instruction);
        let payer = solana_signer::Signer::pubkey(&scene.world.payer);
        let others =
            signers.iter().filter(|it| solana_signer::Signer::pubkey(**it) != payer).count();
        let outcome = scene.world.send(&[instruction], &signers);
        // What is refused by a program costs its fee too.
        fees += SIGNATURE * (1 + others as u64);
        match &outcome {
            Ok(_) => {
                before.assert_after(&mut scene, fees);
                through.insert(head(&input, &known));
                scene.world.svm = start.clone();
                fees = 0;
            }
            Err(refused) => assert_orderly(refused, &input),
        }
        drop(shown);
        let is_new_end = endings.insert((head(&input, &known), ending(&outcome)));
        let new = coverage.add(trace.take());
        if is_new_end || new == New::Edge {
            kept.push(input.clone());
        }
        if (is_new_end || new > New::Nothing) && done > given {
            queue.push(input);
        }
    }
    println!(
        "{done} executions: {} edges, {} of {} instructions of the bytecode, {} endings, {} of \
         Thaw's instructions went through, queue {}, corpus {}",
        coverage.edges(),
        coverage.instructions(),
        trace.length(),
        endings.len(),
        through.len(),
        queue.len(),
        kept.len()
    );
    assert!(through.len() >= 22, "too few instructions go through: {}", through.len());
    if env::var_os("THAW_FUZZ_WRITE").is_some() {
        corpus::write(&kept);
    }
}
