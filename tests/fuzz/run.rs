//! The loop.

use std::{collections::BTreeSet, env};

use thaw_tests::{Outcome, traced::traced_machine};

use crate::{
    corpus,
    coverage::{Coverage, New, Trace},
    input::{Input, Rng},
    scene::Scene,
    stage::Stage,
};

/// Executions in an ordinary test run.
const RUNS: usize = 6_000;

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

#[test]
fn whatever_is_sent_the_books_hold() {
    let runs = from_environment("THAW_FUZZ_RUNS", RUNS as u64) as usize;
    let mut rng = Rng(from_environment("THAW_FUZZ_SEED", 1));
    let trace = Trace::default();
    let (mut scene, moments) = Scene::new(traced_machine(trace.clone()));
    let inputs = moments.iter().flat_map(|it| &it.instructions);
    let mut queue: Vec<Input> = inputs.map(|it| Input::of(it, &scene.places)).collect();
    let known = queue.clone();
    let mut stages: Vec<Stage> =
        moments.into_iter().map(|it| Stage::new(&mut scene, it.machine)).collect();
    queue.extend(corpus::read());
    let (given, all) = (queue.len(), stages.len());
    trace.take();

    let (mut coverage, mut endings) = (Coverage::default(), BTreeSet::new());
    let (mut kept, mut through) = (BTreeSet::new(), BTreeSet::new());
    let mut done = 0;
    while done < runs.max(given * all) {
        let is_given = done < given * all;
        let input = if is_given {
            queue[done / all].clone()
        } else {
            // The newest inputs more often than the others.
            let first = if rng.below(2) == 0 { queue.len() / 2 } else { 0 };
            let base = &queue[first + rng.below(queue.len() - first)];
            base.mutated(&queue[rng.below(queue.len())], scene.places.count(), &mut rng)
        };
        let stage = if is_given { done % all } else { rng.below(all) };
        done += 1;
        let outcome = stages[stage].send(&mut scene, &input);
        let head = head(&input, &known);
        if outcome.is_ok() {
            through.insert(head.clone());
        }
        let is_new_end = endings.insert((head, ending(&outcome)));
        let new = coverage.add(trace.take());
        if is_new_end || new == New::Edge {
            kept.insert(corpus::line(&input));
        }
        if (is_new_end || new > New::Nothing) && !is_given {
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
    let is_traced = coverage.instructions() > trace.length() / 2;
    assert!(trace.length() > 0 && is_traced, "the machine does not tell what it runs");
    let refused = known.iter().find(|it| !through.contains(&head(it, &known)));
    assert!(refused.is_none(), "never goes through: {:?}", refused.map(corpus::line));
    if env::var_os("THAW_FUZZ_WRITE").is_some() {
        corpus::write(&kept);
    }
}
