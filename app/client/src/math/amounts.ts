import { U64_MAX } from '../constants.js';

/** The whole, in basis points. */
export const BPS = 10_000n;

/** `floor(a * b / divisor)`; `null` where the divisor is 0 or the result exceeds 64 bits. */
export function mulDivDown(a: bigint, b: bigint, divisor: bigint): bigint | null {
  return divisor === 0n ? null : narrow((a * b) / divisor);
}

/** `ceil(a * b / divisor)`; `null` where the divisor is 0 or the result exceeds 64 bits. */
export function mulDivUp(a: bigint, b: bigint, divisor: bigint): bigint | null {
  return divisor === 0n ? null : narrow((a * b + divisor - 1n) / divisor);
}

/** Sum; `null` beyond 64 bits, and where a part is `null`. */
export function plus(...parts: readonly (bigint | null)[]): bigint | null {
  let sum: bigint | null = 0n;
  for (const part of parts) {
    sum = sum === null || part === null ? null : narrow(sum + part);
  }
  return sum;
}

/** Sum, 64 bits at most. */
export function saturatingSum(...parts: readonly bigint[]): bigint {
  return min(
    parts.reduce((sum, part) => sum + part, 0n),
    U64_MAX,
  );
}

/** Difference; `null` where `b` is larger. */
export function minus(a: bigint, b: bigint): bigint | null {
  return a < b ? null : a - b;
}

/** Difference, 0 where `b` is larger. */
export function minusOrZero(a: bigint, b: bigint): bigint {
  return a < b ? 0n : a - b;
}

/** `floor(amount * bps / 10,000)`, 64 bits at most. */
export function bpsDown(amount: bigint, bps: number): bigint {
  return min((amount * BigInt(bps)) / BPS, U64_MAX);
}

/** `ceil(amount * bps / 10,000)`, 64 bits at most. */
export function bpsUp(amount: bigint, bps: number): bigint {
  return min((amount * BigInt(bps) + BPS - 1n) / BPS, U64_MAX);
}

/** The smaller one. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger one. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function narrow(value: bigint): bigint | null {
  return value > U64_MAX ? null : value;
}
