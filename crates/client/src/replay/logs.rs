//! The program's events in a transaction's log.

use std::str::FromStr;

use anchor_lang::prelude::Pubkey;
use base64::{Engine, prelude::BASE64_STANDARD};

use super::event::{Event, EventError};

/// What the runtime writes once a log has reached its limit of 10,000 bytes.
const TRUNCATED: &str = "Log truncated";

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The log was cut off, so that events may be missing. Read the accounts instead.
    #[error("the log is truncated after {} events: read the pool's accounts instead", .events.len())]
    Truncated {
        /// The events before the cut.
        events: Vec<Event>,
    },
    /// The log's calls and returns do not fit: lines are missing or out of order.
    #[error("line {line} of the log does not fit the calls before it: {text}")]
    Malformed {
        /// Number of the line, from 0.
        line: usize,
        /// The line.
        text: String,
    },
    /// A line of the program's is no event.
    #[error("line {line} of the log: {source}")]
    Event {
        /// Number of the line, from 0.
        line: usize,
        /// What is wrong with it.
        source: EventError,
    },
}

/// What a line says, as far as it matters here.
enum Line<'a> {
    Invoke(Pubkey, usize),
    Success(Pubkey),
    Failure,
    Data(&'a str),
    Truncated,
    Other,
}

/// The program's events in a transaction's log, of all pools, in the order of the chain.
///
/// Each entry of `logs` is one line, whatever is in it: entries must not be joined and split again,
/// since any program may print a line break. `has_failed` is `meta.err`: a transaction that is refused
/// after its last instruction, for a wallet below its rent, has a log without a failure. What failed
/// has no events, since it changed nothing.
///
/// The runtime marks data with no name. The lines of calls and returns tell whose it is: only what the
/// program itself prints counts, at any depth of calls.
///
/// # Errors
/// [`LogError`]. After `Log truncated` nothing is read, although short lines may follow: the calls and
/// returns between them are missing, so a stranger's data could pass for the program's.
pub fn read_events<T: AsRef<str>>(logs: &[T], has_failed: bool) -> Result<Vec<Event>, LogError> {
    if has_failed {
        return Ok(Vec::new());
    }
    let mut calls: Vec<Pubkey> = Vec::new();
    let mut events = Vec::new();
    for (line, text) in logs.iter().map(AsRef::as_ref).enumerate() {
        let malformed = || LogError::Malformed { line, text: text.to_owned() };
        match read(text) {
            Line::Invoke(program, depth) => {
                calls.push(program);
                if calls.len() != depth {
                    return Err(malformed());
                }
            }
            Line::Success(program) => {
                if calls.pop() != Some(program) {
                    return Err(malformed());
                }
            }
            Line::Failure => return Ok(Vec::new()),
            Line::Data(data) if calls.last() == Some(&thaw::ID) => {
                let data = BASE64_STANDARD.decode(data).map_err(|_| malformed())?;
                let event =
                    Event::decode(&data).map_err(|source| LogError::Event { line, source })?;
                events.push(event);
            }
            Line::Truncated => return Err(LogError::Truncated { events }),
            Line::Data(_) | Line::Other => {}
        }
    }
    if calls.is_empty() { Ok(events) } else { Err(LogError::Truncated { events }) }
}

/// Reads a line. What a program prints begins with `Program log:`, `Program data:` or
/// `Program return:`, none of which is an address, so no program can print a call or a return.
fn read(text: &str) -> Line<'_> {
    if text == TRUNCATED {
        return Line::Truncated;
    }
    let Some(rest) = text.strip_prefix("Program ") else { return Line::Other };
    if let Some(data) = rest.strip_prefix("data: ") {
        return Line::Data(data);
    }
    let Some((program, said)) = rest.split_once(' ') else { return Line::Other };
    let Ok(program) = Pubkey::from_str(program) else { return Line::Other };
    if said == "success" {
        return Line::Success(program);
    }
    if said.starts_with("failed: ") {
        return Line::Failure;
    }
    let depth = said.strip_prefix("invoke [").and_then(|depth| depth.strip_suffix(']'));
    match depth.and_then(|depth| depth.parse().ok()) {
        Some(depth) => Line::Invoke(program, depth),
        None => Line::Other,
    }
}
