import type { TicketView } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { claimableOf, ticketState, ticketWorth } from './progress.js';

const view = (change: Partial<TicketView>): TicketView =>
  ({
    claimableLamports: 0n,
    openShares: 10n,
    isClaimable: false,
    isSettled: false,
    payableEpoch: 8n,
    ...change,
  }) as TicketView;

describe('a ticket', () => {
  it('waits for its epoch to end, then for stake to cool down', () => {
    expect(ticketState(view({}), 7n)).toBe('queued');
    expect(ticketState(view({}), 8n)).toBe('cooling');
  });

  it('can be claimed in part, then all of it', () => {
    expect(ticketState(view({ claimableLamports: 4n }), 8n)).toBe('partly');
    expect(ticketState(view({ claimableLamports: 9n, isSettled: true }), 9n)).toBe('claimable');
    expect(ticketState(view({ isSettled: true }), 9n), 'pays 0 and closes').toBe('claimable');
  });

  it('is worth what is paid and what waits', () => {
    const double = (shares: bigint) => shares * 2n;
    expect(ticketWorth(view({ claimableLamports: 5n }), double)).toBe(25n);
    expect(ticketWorth(view({ claimableLamports: 5n, openShares: 0n }), double)).toBe(5n);
    expect(claimableOf([view({ claimableLamports: 5n }), view({ claimableLamports: 6n })])).toBe(
      11n,
    );
  });
});
