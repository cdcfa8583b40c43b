const formats = new Map<string, Intl.NumberFormat>();

function percent(places: number, locale: string | undefined): Intl.NumberFormat {
  const key = `${locale ?? ''} ${places}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.NumberFormat(locale, {
      style: 'percent',
      minimumFractionDigits: Math.min(places, 2),
      maximumFractionDigits: places,
    });
    formats.set(key, known);
  }
  return known;
}

/** Parts per billion as a percentage in the reader's locale: 68_300_000n is `6.83%`. */
export function formatPpb(ppb: bigint, places = 2, locale?: string): string {
  const size = ppb < 0n ? -ppb : ppb;
  const sign = ppb < 0n ? '-' : '';
  const part = (size % 1_000_000_000n).toString().padStart(9, '0');
  const text = `${sign}${size / 1_000_000_000n}.${part}` as `${number}`;
  return percent(places, locale).format(text);
}

/** Basis points as a percentage in the reader's locale: 30 is `0.30%`. */
export function formatBps(bps: bigint | number, locale?: string): string {
  return formatPpb(BigInt(bps) * 100_000n, 2, locale);
}

/** `part` of `whole` as a percentage; `0%` of nothing. */
export function formatShare(part: bigint, whole: bigint, places = 2, locale?: string): string {
  return formatPpb(whole === 0n ? 0n : (part * 1_000_000_000n) / whole, places, locale);
}
