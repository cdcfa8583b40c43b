//! Numbers as people read them.

/// 1234567 as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The number, or a dash where there is none.
pub fn or_dash(number: Option<u64>) -> String {
    number.map_or_else(|| "–".to_owned(), grouped)
}

/// `part / whole` with one place behind the point, rounded half up.
pub fn times(part: u64, whole: u64) -> String {
    let tenths = (part * 10 + whole / 2) / whole.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Lamports as SOL with three places, rounded up.
pub fn sol(lamports: u64) -> String {
    let thousandths = lamports.div_ceil(1_000_000);
    format!("{}.{:03}", grouped(thousandths / 1_000), thousandths % 1_000)
}

#[cfg(test)]
mod tests {
    use super::{grouped, sol, times};

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let shown = [0, 999, 1_000, 12_345, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn ratios_are_rounded_half_up_to_a_tenth() {
        let shown = [(0, 7), (5_652, 3_000), (3, 20), (29, 20), (1, 0)].map(|(a, b)| times(a, b));
        assert_eq!(shown, ["0.0", "1.9", "0.2", "1.5", "1.0"]);
    }

    #[test]
    fn fees_are_rounded_up_to_a_thousandth() {
        let shown = [0, 1, 1_000_000, 1_234_000_001, 5_000_000_000_000].map(sol);
        assert_eq!(shown, ["0.000", "0.001", "0.001", "1.235", "5,000.000"]);
    }
}
