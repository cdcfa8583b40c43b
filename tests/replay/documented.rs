//! `docs/indexing.md` has every event, where it is printed, and every field.

use serde_json::Value;

const IDL: &str = include_str!("../../idls/thaw.json");
const PAGE: &str = include_str!("../../docs/indexing.md");
const INSTRUCTIONS: &str = include_str!("../../docs/instructions.md");

/// Names of a list's members.
fn names(list: &Value) -> Vec<&str> {
    let named = |it: &Value| it["name"].as_str().map(str::len);
    assert!(list.as_array().unwrap().iter().all(|it| named(it).is_some()), "{list}");
    list.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
}

/// The fields, or the variants, of a type.
fn members<'a>(idl: &'a Value, name: &str) -> Vec<&'a str> {
    let types = idl["types"].as_array().unwrap();
    let found = &types.iter().find(|it| it["name"] == name).unwrap()["type"];
    names(if found["fields"].is_array() { &found["fields"] } else { &found["variants"] })
}

#[test]
fn each_event_has_a_row_with_all_its_fields() {
    let idl: Value = serde_json::from_str(IDL).unwrap();
    let events = names(&idl["events"]);
    assert!(events.len() > 25);
    for event in events {
        let row = format!("| `{event}` |");
        let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with(&row)).collect();
        let [row] = rows[..] else { panic!("{event} has {} rows", rows.len()) };
        for field in members(&idl, event) {
            assert!(row.contains(&format!("`{field}`")), "{event}: {field} is missing");
        }
    }
    for name in ["Totals", "Bookings"] {
        for field in members(&idl, name) {
            assert!(PAGE.contains(&format!("| `{field}` |")), "{name}: {field} is missing");
        }
    }
    for kind in members(&idl, "StakeMove") {
        assert!(PAGE.contains(&format!("`{kind}`")), "{kind} is missing");
    }
}

/// By the events that the instructions' comments name.
#[test]
fn each_event_says_which_instructions_print_it() {
    let idl: Value = serde_json::from_str(IDL).unwrap();
    let mut pairs = 0;
    for name in names(&idl["instructions"]) {
        let begin = INSTRUCTIONS.find(&format!("\n### {name}\n")).unwrap();
        let section = &INSTRUCTIONS[begin + 1..];
        let section = &section[..section.find("\n### ").unwrap_or(section.len())];
        let events = names(&idl["events"]);
        let told = events.iter().filter(|event| section.contains(&format!("`{event}`")));
        let printed: Vec<&&str> = told.collect();
        let is_view =
            matches!(name, "quote_deposit" | "quote_withdraw" | "lst_to_sol" | "sol_to_lst");
        assert_eq!(printed.is_empty(), is_view, "{name}: {printed:?}");
        pairs += printed.len();
        for event in printed {
            let row = PAGE.lines().find(|line| line.starts_with(&format!("| `{event}` |")));
            let printers = row.unwrap().split('|').nth(2).unwrap();
            assert!(printers.contains(&format!("`{name}`")), "{event}: {name} is missing");
        }
    }
    // And no other.
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').nth(1));
    let named = |printers: &str| {
        let is_one = |name: &&&str| printers.contains(&format!("`{name}`"));
        names(&idl["instructions"]).iter().filter(is_one).count()
    };
    assert_eq!(rows.map(named).sum::<usize>(), pairs, "a row names who does not print it");
}
