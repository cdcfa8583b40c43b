//! Amounts as people write them: decimals with nine places, exact, without floating point.

/// Base units of one SOL and of one share.
pub const UNIT: u64 = 1_000_000_000;
/// Places behind the point.
const PLACES: usize = 9;

/// Why a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Anything but digits and one point.
    #[error("`{0}` is not an amount: write digits with at most one point, such as 1.5")]
    Malformed(String),
    /// More places than there are base units.
    #[error("`{0}` has more than 9 places behind the point: the smallest amount is 0.000000001")]
    TooFine(String),
    /// Beyond 64 bits of base units.
    #[error("`{0}` is too large: at most 18446744073.709551615")]
    TooLarge(String),
}

/// Reads `1`, `1.5` or `.5` as base units.
///
/// # Errors
/// [`AmountError`].
pub fn parse(text: &str) -> Result<u64, AmountError> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) || (whole.is_empty() && part.is_empty()) {
        return Err(AmountError::Malformed(text.into()));
    }
    if part.len() > PLACES {
        return Err(AmountError::TooFine(text.into()));
    }
    let digits = format!("{whole}{part:0<PLACES$}");
    digits.parse().map_err(|_| AmountError::TooLarge(text.into()))
}

/// Base units with all nine places: `1.500000000`.
pub fn show(amount: u64) -> String {
    let (whole, part) = (amount.checked_div(UNIT), amount.checked_rem(UNIT));
    format!("{}.{:09}", whole.unwrap_or(0), part.unwrap_or(0))
}

/// Base units without needless zeros: `1.5`.
pub fn short(amount: u64) -> String {
    let text = show(amount);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_both_ways() {
        for (text, amount) in [
            ("1", UNIT),
            ("1.", UNIT),
            ("0.000000001", 1),
            (".5", 500_000_000),
            ("0", 0),
            ("18446744073.709551615", u64::MAX),
            ("0001.10", 1_100_000_000),
            // 0.1 + 0.2 in floating point is something else.
            ("0.3", 300_000_000),
            ("9007199.254740993", 9_007_199_254_740_993),
        ] {
            assert_eq!(parse(text), Ok(amount), "{text}");
            assert_eq!(parse(&show(amount)), Ok(amount));
            assert_eq!(parse(&short(amount)), Ok(amount));
        }
        assert_eq!((show(1).as_str(), short(UNIT).as_str()), ("0.000000001", "1"));
        assert_eq!((short(0).as_str(), short(100 * UNIT).as_str()), ("0", "100"));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_rule() {
        for text in ["", ".", "-1", "+1", "1e9", "1,5", " 1", "1.2.3", "ALL", "NaN", "½"] {
            assert_eq!(parse(text), Err(AmountError::Malformed(text.into())));
        }
        assert_eq!(parse("0.0000000001"), Err(AmountError::TooFine("0.0000000001".into())));
        let text = "18446744073.709551616";
        assert_eq!(parse(text), Err(AmountError::TooLarge(text.into())));
    }
}
