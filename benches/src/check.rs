//! New figures against the committed ones.

use crate::results::Results;

/// A figure may grow by this much before `--check` fails, per cent.
const TOLERANCE: u64 = 2;

/// A figure by its name, and the size of the pool.
struct Figure {
    name: String,
    validators: usize,
    value: u64,
}

/// A line for each figure that grew too much, or that is gone. Only pools of up to `largest`
/// validators are compared.
pub fn grown(new: &Results, old: &Results, largest: usize) -> Vec<String> {
    let now = figures(new);
    figures(old)
        .into_iter()
        .filter(|figure| figure.validators <= largest)
        .filter_map(|Figure { name, validators, value: before }| {
            let found =
                now.iter().find(|other| other.name == name && other.validators == validators);
            let name = format!("{name}, {validators} validators");
            match found.map(|figure| figure.value) {
                None => Some(format!("{name}: {before} before, not measured now")),
                Some(now) if now * 100 > before * (100 + TOLERANCE) => {
                    Some(format!("{name}: {before} before, {now} now"))
                }
                Some(_) => None,
            }
        })
        .collect()
}

/// Every figure of Thaw's. Those of peers and floors are there to compare with.
fn figures(results: &Results) -> Vec<Figure> {
    let of = |name: String, validators: usize, value: u64| Figure { name, validators, value };
    let mut all = vec![of("bytes of the program".to_owned(), 0, results.size.thaw_bytes)];
    for row in &results.instructions {
        all.push(of(format!("units of {}", row.name), row.validators, row.cu));
        all.push(of(format!("accounts of {}", row.name), row.validators, row.accounts as u64));
        all.push(of(format!("bytes of {}", row.name), row.validators, row.bytes as u64));
    }
    for row in &results.sync {
        all.push(of("units of a sync".to_owned(), row.validators, row.cu));
        let transactions = row.transactions as u64;
        all.push(of("transactions of a sync".to_owned(), row.validators, transactions));
    }
    for row in &results.curve {
        let Some(thaw) = row.thaw else { continue };
        all.push(of(format!("units to {}", row.work), row.validators, thaw.cu));
    }
    for row in &results.epochs {
        let name = format!("units of a {} epoch", row.kind);
        all.push(of(name, row.validators, row.thaw.cu));
        let name = format!("fees of a {} epoch", row.kind);
        all.push(of(name, row.validators, row.thaw.fee_lamports));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::grown;
    use crate::results::Results;

    /// The committed file, as a run would give it.
    fn committed() -> Results {
        Results::read().expect("benches/results.json")
    }

    #[test]
    fn a_figure_may_grow_by_two_per_cent() {
        let (old, mut new) = (committed(), committed());
        assert_eq!(grown(&new, &old, 100), [""; 0]);
        let row = &mut new.instructions[0];
        row.cu = old.instructions[0].cu * 102 / 100;
        assert_eq!(grown(&new, &old, 100), [""; 0]);
        new.instructions[0].cu += 1;
        assert_eq!(grown(&new, &old, 100).len(), 1);
    }

    #[test]
    fn a_figure_that_is_gone_is_told() {
        let (old, mut new) = (committed(), committed());
        new.instructions.remove(0);
        assert_eq!(grown(&new, &old, 100).len(), 3, "units, accounts and bytes");
    }

    #[test]
    fn larger_pools_than_were_built_are_not_compared() {
        let (old, mut new) = (committed(), committed());
        new.sync.retain(|row| row.validators <= 100);
        new.curve.retain(|row| row.validators <= 100);
        new.epochs.retain(|row| row.validators <= 100);
        new.instructions.retain(|row| row.validators <= 100);
        assert_eq!(grown(&new, &old, 100), [""; 0]);
        assert!(!grown(&new, &old, 10_000).is_empty());
    }
}
