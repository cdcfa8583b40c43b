const dates = new Map<string, Intl.DateTimeFormat>();

/** Seconds as `3 d 4 h`, `4 h 5 min`, `5 min 10 s` or `6 s`; what is negative is `0 s`. */
export function formatDuration(seconds: bigint | number): string {
  const all = Math.max(0, Math.floor(Number(seconds)));
  const days = Math.floor(all / 86_400);
  const hours = Math.floor(all / 3_600);
  const minutes = Math.floor(all / 60);
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  if (minutes > 0) return `${minutes} min ${all % 60} s`;
  return `${all} s`;
}

/** Seconds in one unit, for where nobody needs more: `about 5 h`, `about 12 min`, `under a minute`. */
export function formatAbout(seconds: bigint | number): string {
  const all = Math.max(0, Math.round(Number(seconds)));
  if (all < 60) return 'under a minute';
  if (all < 5_400) return `about ${Math.round(all / 60)} min`;
  if (all < 172_800) return `about ${Math.round(all / 3_600)} h`;
  return `about ${Math.round(all / 86_400)} days`;
}

/** Unix seconds as a date with time in the reader's locale and zone. */
export function formatTime(unix: bigint | number, locale?: string): string {
  const key = locale ?? '';
  let known = dates.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
    dates.set(key, known);
  }
  return known.format(Number(unix) * 1_000);
}

/** Unix seconds for machines: `2026-11-22T10:00:00Z`. */
export function isoTime(unix: bigint | number): string {
  return new Date(Number(unix) * 1_000).toISOString().replace('.000', '');
}
