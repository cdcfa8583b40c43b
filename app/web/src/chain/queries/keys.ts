import type { Chain } from '../context.js';

/** First parts of the keys of queries, for invalidation. */
export const KEYS = {
  pool: 'pool',
  validators: 'validators',
  balances: 'balances',
  tickets: 'tickets',
  stakeAccounts: 'stakeAccounts',
} as const;

/** What is read. */
export type Subject = (typeof KEYS)[keyof typeof KEYS];

/** What transactions and the turn of an epoch change: all of it. */
export const LIVE: readonly Subject[] = Object.values(KEYS);

/** The key of a query: the same question to another server is another question. */
export function keyOf(chain: Chain, subject: Subject, ...rest: readonly (string | null)[]) {
  return [subject, chain.rpcUrl, chain.addresses.mint, ...rest] as const;
}
