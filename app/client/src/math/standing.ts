import { max, min, minusOrZero, mulDivDown } from './amounts.js';

/** A whole epoch's yield or a whole leader window: parts per million. */
const ALL_PPM = 1_000_000n;
/** The part of the mean that a validator owes in the long run: 85 %. */
const OWED_PPM = 850_000n;
/** An epoch below this part of the mean is a fault by itself, per cent. */
const CERTAIN_PERCENT = 40;

/**
 * The deficit from which on luck does not explain it, for any stake: seven leader windows, millionths of
 * a window's yield.
 */
export const DEFICIT_LIMIT_PPM = 7_000_000;
/** The highest deficit, 16 windows: an epoch that proves a fault by itself puts it there. */
export const MAX_DEFICIT_PPM = 16_000_000;

/**
 * The deficit after one more epoch that paid `ownPpb` where `meanPpb` was due, with `windows16`
 * sixteenths of a leader window expected, as the program sums it up: what the epoch lacks of 85 % of the
 * mean is added, what it has beyond is taken off, each by the windows. The part of the mean is rounded
 * down, and so is what it adds or takes off. No mean, no change.
 */
export function deficitAfter(
  deficitPpm: number,
  ownPpb: number,
  meanPpb: number,
  windows16: number,
): number {
  const partPpm = mulDivDown(BigInt(ownPpb), ALL_PPM, BigInt(meanPpb));
  if (partPpm === null) return deficitPpm;
  if (ownPpb * 100 < meanPpb * CERTAIN_PERCENT) return MAX_DEFICIT_PPM;
  const byWindows = (ppm: bigint) => (max(ppm, 0n) * BigInt(windows16)) / 16n;
  const lacking = BigInt(deficitPpm) + byWindows(OWED_PPM - partPpm);
  const left = minusOrZero(lacking, byWindows(partPpm - OWED_PPM));
  return Number(min(left, BigInt(MAX_DEFICIT_PPM)));
}
