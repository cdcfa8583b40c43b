import type { Address } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { rentOf } from '../src/sysvars.js';
import { canBeAdmitted, decodeVote, ticketsOf } from '../src/votes.js';
import { accountsOf, seatOf, type Stored, type ToldSeat, vectors } from './vectors.js';

type Told = {
  account: Stored;
  seat: ToldSeat;
  tickets: string;
  canBeAdmitted: boolean;
  isClosed: boolean;
  commissionBps: number | null;
};

const VOTE = 'Vote111111111111111111111111111111111111111' as Address;
/** The rent that the vectors were written with. */
const RENT = rentOf(3_480n, 2n);

describe('the head of a vote account', () => {
  it.each(Object.entries(vectors<Record<string, Told>>('votes')))(
    'says of one %s what the program says',
    (_, told) => {
      const account = accountsOf({ [VOTE]: told.account }).get(VOTE) ?? null;
      const { seat, commissionBps } = decodeVote(account);
      expect(seat).toEqual(seatOf(told.seat));
      expect(ticketsOf(seat, RENT).toString()).toBe(told.tickets);
      expect(canBeAdmitted(seat, RENT)).toBe(told.canBeAdmitted);
      expect(!seat.hasVote).toBe(told.isClosed);
      expect(commissionBps).toBe(told.commissionBps);
    },
  );

  it('says that there is none', () => {
    expect(decodeVote(null)).toEqual({
      seat: { hasVote: false, lacksBlsKey: true, lamports: 0n },
      identity: null,
      commissionBps: null,
    });
  });
});
