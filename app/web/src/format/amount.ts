/** Base units of one SOL and of one share. */
export const UNIT = 1_000_000_000n;
/** Places behind the point that there are. */
const ALL_PLACES = 9;

/** A decimal text that `Intl.NumberFormat` reads without going through floating point. */
type Decimal = `${number}`;

const formats = new Map<string, Intl.NumberFormat>();

function format(least: number, most: number, locale: string | undefined): Intl.NumberFormat {
  const key = `${locale ?? ''} ${least} ${most}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.NumberFormat(locale, {
      minimumFractionDigits: least,
      maximumFractionDigits: most,
      roundingMode: 'trunc',
    });
    formats.set(key, known);
  }
  return known;
}

/** Base units as a plain decimal with all nine places: `-1.500000000`. */
export function toDecimal(amount: bigint): Decimal {
  const size = amount < 0n ? -amount : amount;
  const sign = amount < 0n ? '-' : '';
  const part = (size % UNIT).toString().padStart(ALL_PLACES, '0');
  return `${sign}${size / UNIT}.${part}` as Decimal;
}

export interface AmountFormat {
  /** Places behind the point, at most; 4 unless told. */
  places?: number;
  /** Keeps zeros at the end, so that columns line up. */
  isFixed?: boolean;
  /** BCP 47; the browser's unless told. */
  locale?: string | undefined;
}

/**
 * Base units (lamports or shares) in the reader's locale, cut off and never rounded up: nobody is
 * shown more than there is. What is too small for the places is `<0.0001`.
 */
export function formatAmount(amount: bigint, options: AmountFormat = {}): string {
  const { places = 4, isFixed = false, locale } = options;
  const least = isFixed ? places : 0;
  const smallest = 10n ** BigInt(ALL_PLACES - places);
  if (amount > 0n && amount < smallest) {
    return `<${format(0, ALL_PLACES, locale).format(toDecimal(smallest))}`;
  }
  if (amount < 0n && amount > -smallest) {
    return `>−${format(0, ALL_PLACES, locale).format(toDecimal(smallest))}`;
  }
  return format(least, places, locale).format(toDecimal(amount));
}

/** Base units in the reader's locale with every place that counts. */
export function formatExact(amount: bigint, locale?: string): string {
  return format(0, ALL_PLACES, locale).format(toDecimal(amount));
}

/** A whole number in the reader's locale. */
export function formatCount(count: bigint | number, locale?: string): string {
  return format(0, 0, locale).format(count);
}
