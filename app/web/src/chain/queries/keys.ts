import type { Chain } from '../context.js';

/** First parts of the keys of queries, for invalidation. */
export const KEYS = {
  pool: 'pool',
  validators: 'validators',
  votes: 'votes',
  balances: 'balances',
  tickets: 'tickets',
  stakeAccounts: 'stakeAccounts',
} as const;

/** What is read. */
export type Subject = (typeof KEYS)[keyof typeof KEYS];

/** What transactions and the turn of an epoch change; votes of past epochs stay what they were. */
export const LIVE: readonly Subject[] = [
  KEYS.pool,
  KEYS.validators,
  KEYS.balances,
  KEYS.tickets,
  KEYS.stakeAccounts,
];

/** The key of a query: the same question to another server is another question. */
export function keyOf(chain: Chain, subject: Subject, ...rest: readonly (string | null)[]) {
  return [subject, chain.rpcUrl, chain.addresses.mint, ...rest] as const;
}
