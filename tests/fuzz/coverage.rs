//! What ran of Thaw's bytecode: the edges from one instruction to the next, read from the registers
//! that the VM writes down.

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use litesvm::{InvocationInspectCallback, LiteSVM};
use solana_program_runtime::invoke_context::InvokeContext;
use solana_transaction::sanitized::SanitizedTransaction;
use thaw_client::thaw::ID;

/// The register that holds the number of the instruction.
const PROGRAM_COUNTER: usize = 11;
/// Bytes of an instruction.
const INSTRUCTION_BYTES: usize = 8;

/// An instruction and the one that ran after it.
type Edge = (u32, u32);

/// What an input adds to the coverage.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum New {
    /// Nothing.
    Nothing,
    /// An edge was taken more or less often than before.
    Count,
    /// An edge that nothing took before.
    Edge,
}

/// Collects the edges of a transaction, and how often each was taken.
#[derive(Clone, Default)]
pub struct Trace {
    edges: Arc<Mutex<HashMap<Edge, u32>>>,
    length: Arc<AtomicUsize>,
}

impl Trace {
    /// What was collected since the last call.
    pub fn take(&self) -> HashMap<Edge, u32> {
        mem::take(&mut self.edges.lock().unwrap())
    }

    /// Instructions of the whole program, 0 before it ran.
    pub fn length(&self) -> usize {
        self.length.load(Relaxed)
    }
}

impl InvocationInspectCallback for Trace {
    fn before_invocation(
        &self,
        _: &LiteSVM,
        _: &SanitizedTransaction,
        _: &[u16],
        _: &mut InvokeContext,
        _: bool,
    ) {
    }

    fn after_invocation(
        &self,
        _: &LiteSVM,
        _: &SanitizedTransaction,
        _: &[u16],
        context: &InvokeContext,
        _: bool,
    ) {
        context.iterate_vm_traces(&|instruction, program, registers| {
            if instruction.get_program_key() != Ok(&ID) {
                return;
            }
            self.length.store(program.get_text_bytes().1.len() / INSTRUCTION_BYTES, Relaxed);
            let mut edges = self.edges.lock().unwrap();
            for pair in registers.windows(2) {
                let edge = (pair[0][PROGRAM_COUNTER] as u32, pair[1][PROGRAM_COUNTER] as u32);
                *edges.entry(edge).or_default() += 1;
            }
        });
    }
}

/// All edges that any input took, with the classes of how often.
#[derive(Default)]
pub struct Coverage(HashMap<Edge, u8>);

impl Coverage {
    /// Adds those of one input.
    pub fn add(&mut self, edges: HashMap<Edge, u32>) -> New {
        let mut new = New::Nothing;
        for (edge, count) in edges {
            let class = class(count);
            let seen = self.0.entry(edge).or_insert(0);
            if *seen == 0 {
                new = New::Edge;
            } else if *seen & class == 0 {
                new = new.max(New::Count);
            }
            *seen |= class;
        }
        new
    }

    /// How many edges there are.
    pub fn edges(&self) -> usize {
        self.0.len()
    }

    /// How many instructions of the program ran.
    pub fn instructions(&self) -> usize {
        self.0.keys().flat_map(|&(from, to)| [from, to]).collect::<HashSet<u32>>().len()
    }
}

/// Classes of numbers, a bit each, as AFL tells them apart: 1, 2, 3, to 7, 15, 31, 127, and above.
fn class(count: u32) -> u8 {
    match count {
        0..=3 => 1 << count.saturating_sub(1),
        4..=7 => 1 << 3,
        8..=15 => 1 << 4,
        16..=31 => 1 << 5,
        32..=127 => 1 << 6,
        _ => 1 << 7,
    }
}
