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
