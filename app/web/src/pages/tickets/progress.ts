import type { TicketView } from '@thaw/client';

/**
 * Where a ticket stands: `queued` while requests still join its batch, `cooling` while stake cools
 * down for it, `partly` where some of it can be claimed and the rest still waits, `claimable` when
 * all of it is there.
 */
export type TicketState = 'queued' | 'cooling' | 'partly' | 'claimable';

/** Where a ticket stands in the chain's epoch. */
export function ticketState(view: TicketView, epoch: bigint): TicketState {
  if (view.isSettled) return 'claimable';
  if (view.claimableLamports > 0n) return 'partly';
  return epoch < view.payableEpoch ? 'queued' : 'cooling';
}

/** What all tickets together may claim now, lamports. */
export function claimableOf(tickets: readonly TicketView[]): bigint {
  return tickets.reduce((sum, { claimableLamports }) => sum + claimableLamports, 0n);
}

/**
 * What a ticket is worth now, lamports: what it may claim, and its waiting shares at the exit rate.
 * `worth`: lamports of so many shares.
 */
export function ticketWorth(view: TicketView, worth: (shares: bigint) => bigint): bigint {
  return view.claimableLamports + (view.openShares > 0n ? worth(view.openShares) : 0n);
}
