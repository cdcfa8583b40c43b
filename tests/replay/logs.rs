//! Lines that are missing, or not what they seem.

use thaw_client::replay::{EventError, LogError, read_events};
use thaw_tests::{SOL, World};

/// The log of a deposit.
fn deposit() -> Vec<String> {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    world.deposit(&holder, SOL).unwrap().logs
}

fn position(logs: &[String], text: &str) -> usize {
    logs.iter().position(|line| line.starts_with(text)).unwrap()
}

#[test]
fn a_line_less_is_told_wherever_calls_depend_on_it() {
    let logs = deposit();
    for line in 0..logs.len() {
        let mut fewer = logs.clone();
        let gone = fewer.remove(line);
        let found = read_events(&fewer, false);
        if gone.ends_with(" success") || gone.contains(" invoke [") {
            assert!(found.is_err(), "without {gone}: {found:?}");
        } else {
            let count = usize::from(!gone.starts_with("Program data: "));
            assert_eq!(found.unwrap().len(), count, "without {gone}");
        }
    }
}

#[test]
fn nothing_is_read_after_a_cut() {
    // Short lines may follow one that did not fit.
    let mut logs = deposit();
    let data = position(&logs, "Program data: ");
    logs.insert(data, "Log truncated".into());
    let Err(LogError::Truncated { events }) = read_events(&logs, false) else { panic!("cut") };
    assert!(events.is_empty());
    // A program that prints the same words cuts nothing.
    logs[data] = "Program log: Log truncated".into();
    assert_eq!(read_events(&logs, false).unwrap().len(), 1);
}

#[test]
fn what_failed_has_no_events() {
    let logs = deposit();
    assert!(read_events(&logs, true).unwrap().is_empty());
    let mut failed = logs.clone();
    let last = failed.len() - 1;
    failed[last] = failed[last].replace(" success", " failed: custom program error: 0x1770");
    assert!(read_events(&failed, false).unwrap().is_empty());
}

#[test]
fn what_the_program_prints_and_no_event_is_told() {
    let logs = deposit();
    let line = position(&logs, "Program data: ");
    let read = |data: &str| {
        let mut logs = logs.clone();
        logs[line] = format!("Program data: {data}");
        read_events(&logs, false).unwrap_err()
    };
    let unknown = read("AAAAAAAAAAAAAAAA");
    assert!(
        matches!(&unknown, LogError::Event { source: EventError::Unknown(start), line: at }
            if start == &[0; 8] && *at == line),
        "{unknown}"
    );
    let whole = logs[line].strip_prefix("Program data: ").unwrap();
    let short = read(&whole[..whole.len() - 8]);
    assert!(
        matches!(short, LogError::Event { source: EventError::Fields("SolDeposited"), .. }),
        "{short}"
    );
    for data in ["", "!", &format!("{whole} {whole}")] {
        let error = read(data);
        assert!(matches!(error, LogError::Malformed { .. } | LogError::Event { .. }), "{error}");
    }
}
