import { BPS, bpsUp, max, minus, minusOrZero } from './amounts.js';
import { U64_MAX } from '../constants.js';

/** The fee curve of instant exits. */
export type InstantFee = {
  /** Fee while the liquid lamports are at or above the target, basis points. */
  minBps: number;
  /** Fee of the last liquid lamport, basis points. */
  maxBps: number;
  /** Liquid lamports the pool aims at. */
  target: bigint;
};

/**
 * Fee of an exit that takes `gross` out of `liquid` lamports, rounded up; `null` where there is less
 * than that. The integral of the curve: flat above the target, then rising linearly to the most at
 * 0. So splitting an exit gains nothing.
 */
export function instantFeeUp(
  { minBps, maxBps, target }: InstantFee,
  liquid: bigint,
  gross: bigint,
): bigint | null {
  const left = minus(liquid, gross);
  if (left === null || maxBps < minBps) return null;
  const flat = minusOrZero(liquid, max(left, target));
  const sloped = gross - flat;
  if (sloped === 0n) return bpsUp(flat, minBps);
  // In 1/10,000 of 1/(2 * target) lamports, so that one division rounds the whole.
  const whole = 2n * target;
  const slope = BigInt(maxBps - minBps) * (sloped + left + left);
  const average = BigInt(maxBps) * whole - slope;
  if (average < 0n) return null;
  const fee = sloped * average + flat * BigInt(minBps) * whole;
  const scale = whole * BPS;
  const rounded = (fee + scale - 1n) / scale;
  return rounded > U64_MAX ? null : rounded;
}
