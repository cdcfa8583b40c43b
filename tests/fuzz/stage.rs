//! A moment in the pool's life, and what is sent to it.

use std::{mem, thread};

use litesvm::LiteSVM;
use solana_signer::Signer;
use thaw_tests::Outcome;

use crate::{
    corpus,
    input::Input,
    oracle::{Before, assert_orderly},
    scene::Scene,
};

/// Lamports of a signature.
const SIGNATURE: u64 = 5_000;

/// A machine at one moment. What goes through is undone, so that each input finds it as it was.
pub struct Stage {
    start: LiteSVM,
    now: LiteSVM,
    before: Before,
    /// Paid for what was refused since the machine was last as at the start, lamports.
    fees: u64,
}

impl Stage {
    /// A stage from here.
    pub fn new(scene: &mut Scene, machine: LiteSVM) -> Self {
        scene.world.svm = machine.clone();
        Self { before: Before::of(scene), start: machine.clone(), now: machine, fees: 0 }
    }

    /// Sends an input and looks at what it did.
    pub fn send(&mut self, scene: &mut Scene, input: &Input) -> Outcome {
        let shown = Shown(input);
        mem::swap(&mut scene.world.svm, &mut self.now);
        let instruction = input.instruction(&scene.places);
        let signers = scene.places.signers(&instruction);
        let payer = scene.world.payer.pubkey();
        let others = signers.iter().filter(|signer| signer.pubkey() != payer).count();
        let outcome = scene.world.send(&[instruction], &signers);
        // What is refused by a program costs its fee too.
        self.fees += SIGNATURE * (1 + others as u64);
        mem::swap(&mut scene.world.svm, &mut self.now);
        match &outcome {
            Ok(_) => {
                scene.world.svm = mem::replace(&mut self.now, self.start.clone());
                self.before.assert_after(scene, input, mem::take(&mut self.fees));
            }
            Err(refused) => assert_orderly(refused, input),
        }
        drop(shown);
        outcome
    }
}

/// Shows an input where what it did fails the test.
struct Shown<'a>(&'a Input);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("input: {}", corpus::line(self.0));
        }
    }
}
