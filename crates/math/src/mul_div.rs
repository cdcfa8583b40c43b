//! The one place where two 64-bit amounts are multiplied and divided.

/// `floor(a * b / divisor)`; `None` when `divisor` is 0 or the result exceeds `u64`.
#[inline]
pub const fn mul_div_down(a: u64, b: u64, divisor: u64) -> Option<u64> {
    match product(a, b).checked_div(divisor as u128) {
        Some(quotient) => narrow(quotient),
        None => None,
    }
}

/// `ceil(a * b / divisor)`; `None` when `divisor` is 0 or the result exceeds `u64`.
#[inline]
pub const fn mul_div_up(a: u64, b: u64, divisor: u64) -> Option<u64> {
    if divisor == 0 {
        return None;
    }
    // Cannot overflow: (2^64-1)^2 + 2^64 - 2 < 2^128.
    let numerator = product(a, b).wrapping_add((divisor as u128).wrapping_sub(1));
    match numerator.checked_div(divisor as u128) {
        Some(quotient) => narrow(quotient),
        None => None,
    }
}

/// Two 64-bit words cannot overflow 128 bits, so the product needs no check (which costs hundreds
/// of compute units on SBF).
#[inline]
const fn product(a: u64, b: u64) -> u128 {
    (a as u128).wrapping_mul(b as u128)
}

#[inline]
const fn narrow(value: u128) -> Option<u64> {
    if value <= u64::MAX as u128 { Some(value as u64) } else { None }
}
