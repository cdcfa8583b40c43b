import { formatAmount, formatCount, formatExact } from '../../format/index.js';
import type { Verification } from './verification.js';

/** What a verification came to, in a heading and a sentence. `locale`: for tests. */
export function verdictWords(
  { verdict, comparisons, accounts, reading }: Verification,
  locale?: string,
): { title: string; text: string } {
  const total = comparisons.find((it) => it.id === 'total');
  const chain = formatExact(total?.chain ?? 0n, locale);
  const count =
    accounts.found === 1
      ? '1 stake account'
      : `${formatCount(accounts.found, locale)} stake accounts`;
  if (verdict === 'same') {
    return {
      title: 'Every lamport matches',
      text: `${chain} SOL on chain, in ${count} and the reserve, and the same in the books.`,
    };
  }
  if (verdict === 'wrong') {
    return {
      title: 'The books do not add up',
      text: 'A figure that must always agree does not. Please report this, with the file that you can download below.',
    };
  }
  const difference = total?.difference ?? 0n;
  const size = formatAmount(difference < 0n ? -difference : difference, { places: 9, locale });
  if (difference === 0n) {
    return {
      title: 'The sum matches; parts are not booked yet',
      text: 'What some accounts have more, others have less. The next booking sets it right.',
    };
  }
  const when = reading.books.epoch < reading.epoch ? ' This epoch is not finalized yet.' : '';
  const which = 'Everything that differs is explained below.';
  return difference > 0n
    ? {
        title: `Nothing is missing; ${size} SOL are not booked yet`,
        text: `${chain} SOL are on chain, ${size} SOL more than in the books.${when} ${which}`,
      }
    : {
        title: `${size} SOL of loss are not booked yet`,
        text: `${chain} SOL are on chain, ${size} SOL less than in the books.${when} ${which}`,
      };
}

/** How loud a verification is: what only waits to be added is no reason for alarm. */
export function verdictKind({
  verdict,
  comparisons,
}: Verification): 'good' | 'info' | 'warn' | 'error' {
  if (verdict !== 'later') return verdict === 'same' ? 'good' : 'error';
  return comparisons.some((it) => it.difference < 0n && it.verdict === 'later') ? 'warn' : 'info';
}

/** A verification as JSON: amounts as strings, since they may exceed what JSON numbers keep. */
export function toJson(verification: Verification, about: Record<string, string>): string {
  const write = (_: string, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value;
  return `${JSON.stringify({ ...about, ...verification }, write, 2)}\n`;
}
