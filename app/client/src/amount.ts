import { U64_MAX, UNIT } from './constants.js';

/** Places behind the point. */
const PLACES = 9;

/** Why a text is no amount. */
export type AmountFault = 'malformed' | 'tooFine' | 'tooLarge';

const WORDS: Record<AmountFault, (text: string) => string> = {
  malformed: (text) =>
    `\`${text}\` is not an amount: write digits with at most one point, such as 1.5`,
  tooFine: (text) =>
    `\`${text}\` has more than 9 places behind the point: the smallest amount is 0.000000001`,
  tooLarge: (text) => `\`${text}\` is too large: at most 18446744073.709551615`,
};

/** A text that is no amount. */
export class AmountError extends Error {
  override readonly name = 'AmountError';

  constructor(
    /** What is wrong with it. */
    readonly fault: AmountFault,
    /** The text. */
    readonly text: string,
  ) {
    super(WORDS[fault](text));
  }
}

/**
 * Reads `1`, `1.5` or `.5` SOL (or shares) as lamports (or base units), exactly.
 *
 * @throws {@link AmountError} for anything but digits and one point, for more than nine places, and
 * beyond 64 bits.
 */
export function parseSol(text: string): bigint {
  const [, whole, part] = /^(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined || (whole === '' && (part ?? '') === '')) {
    throw new AmountError('malformed', text);
  }
  if ((part ?? '').length > PLACES) throw new AmountError('tooFine', text);
  const amount = BigInt(whole + (part ?? '').padEnd(PLACES, '0'));
  if (amount > U64_MAX) throw new AmountError('tooLarge', text);
  return amount;
}

/** Lamports (or base units of shares) with all nine places: `1.500000000`. */
export function formatSolFull(amount: bigint): string {
  const [sign, size] = amount < 0n ? ['-', -amount] : ['', amount];
  return `${sign}${size / UNIT}.${(size % UNIT).toString().padStart(PLACES, '0')}`;
}

/** Lamports (or base units of shares) without needless zeros, exactly: `1.5`. */
export function formatSol(amount: bigint): string {
  return formatSolFull(amount).replace(/\.?0+$/, '');
}
