import { address } from '@solana/kit';
import type { ValidatorView } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../format/index.js';
import { csvOf, epochsToComply, notesOf, rowOf, yieldText, type RowPool } from './row.js';

const VOTE = address('Vote111111111111111111111111111111111111111');
const RENT = 2_282_880n;

const POOL = {
  config: { maxCommissionBps: 1_000 },
  meanYieldsPpb: [180_000, 180_000, 0],
  epoch: 9n,
} as unknown as RowPool;

type Over = Partial<Omit<ValidatorView, 'record'>> & {
  readonly record?: Partial<ValidatorView['record']>;
};

function view({ record, ...over }: Over = {}): ValidatorView {
  const slot = { lamports: 0n, epoch: 0n, state: 'closed', bump: 255 } as const;
  return {
    index: 3,
    vote: VOTE,
    slots: [],
    hasVote: true,
    identity: null,
    commissionBps: 500,
    weight: 100,
    target: 7n,
    status: 'active',
    violation: null,
    ...over,
    record: {
      slots: [{ ...slot, state: 'active', lamports: RENT + 5n }, slot, slot],
      bookedEpoch: 9n,
      nextWeight: 100,
      asideWeight: 0,
      yieldsPpb: [180_000, null, 20_000],
      isOdd: false,
      isSetAside: false,
      isLeaving: false,
      relapses: 0,
      compliant: 0,
      ...record,
    },
  } as ValidatorView;
}

describe('a line', () => {
  it('counts lamports without rent, by what a slot is used for', () => {
    const slot = { epoch: 0n, bump: 0 };
    const row = rowOf(
      view({
        record: {
          slots: [
            { ...slot, state: 'active', lamports: RENT + 5n },
            { ...slot, state: 'activating', lamports: RENT + 3n },
            { ...slot, state: 'cooling', lamports: RENT - 1n },
          ],
        },
      }),
      POOL,
      RENT,
    );
    expect([row.activeLamports, row.activatingLamports, row.coolingLamports]).toEqual([5n, 3n, 0n]);
    expect(row.state).toEqual({ text: 'active', kind: 'good' });
    expect(row.notes).toEqual([]);
  });

  it('says which rule is broken, with the figures', () => {
    const notes = (over: Over) => notesOf(view(over), POOL, 'en').join(' ');
    expect(notes({ violation: 'commission', commissionBps: 1_500 })).toBe(
      'Keeps 15.00% of the rewards, more than the 10.00% allowed.',
    );
    expect(notes({ violation: 'lowYield', record: { yieldsPpb: [0, 90_000, 5] } })).toBe(
      'Earned less than 80% of the pool’s mean in two of the last three epochs: ' +
        '0.00% of 0.018%, 0.009% of 0.018%.',
    );
    expect(notes({ violation: 'closed', hasVote: false })).toBe('Its vote account was closed.');
    expect(notes({ hasVote: false })).toContain('cannot be read');
    expect(notes({ violation: 'noBlsKey' })).toContain('BLS');
    expect(notes({ violation: 'notVoting' })).toBe(
      'Voted in neither of the last two epochs, while others did.',
    );
    expect(notes({ record: { isOdd: true } })).toContain('not what it should be');
    expect(notes({ record: { isLeaving: true } })).toContain('removes it');
  });

  it('says what brings weight back', () => {
    const aside = { isSetAside: true, asideWeight: 1_200, relapses: 2, compliant: 3 };
    expect(notesOf(view({ record: aside }), POOL, 'en')).toEqual([
      'A review set weight 1,200 aside (so far 2 times). 3 of the 4 epochs in a row that bring it back are done.',
    ]);
    const [, note] = notesOf(view({ record: aside, violation: 'closed' }), POOL, 'en');
    expect(note).toContain('after 4 epochs in a row');
    expect([1, 2, 6, 200].map(epochsToComply)).toEqual([2, 4, 64, 64]);
  });

  it('is a line of the file', () => {
    const row = rowOf(view({ violation: 'commission', commissionBps: 1_500 }), POOL, RENT, 'en');
    const [head, line] = csvOf([row]);
    expect(line).toHaveLength(head?.length ?? 0);
    expect(toCsv(csvOf([row])).split('\r\n')[1]).toBe(
      `3,${VOTE},,100,100,0,7,5,0,0,1500,180000,,20000,9,active,"Keeps 15.00% of the rewards, more than the 10.00% allowed."`,
    );
    expect([yieldText(null), yieldText(180_123, 'en')]).toEqual(['–', '0.018%']);
  });
});
