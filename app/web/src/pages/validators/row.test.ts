import { address } from '@solana/kit';
import { rentOf, type ValidatorView } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../format/index.js';
import {
  csvOf,
  deficitText,
  epochsToComply,
  notesOf,
  rowOf,
  yieldText,
  type RowContext,
} from './row.js';

const VOTE = address('Vote111111111111111111111111111111111111111');
const RENT = 2_282_880n;

const STATE = {
  pool: {
    config: { maxCommissionBps: 1_000, requireBls: 1 },
    meanYieldsPpb: [180_000, 180_000, 0],
    epoch: 9n,
  },
  rent: rentOf(6_960n),
} as unknown as RowContext;
/** What a vote account holds beside its rent: three tickets and some change. */
const SPARE = 2_500_000_000n;

type Over = Partial<Omit<ValidatorView, 'record'>> & {
  readonly record?: Partial<ValidatorView['record']>;
};

function seat(spare: bigint): ValidatorView['seat'] {
  const lamports = STATE.rent.minimumBalance(3_762) + spare;
  return { hasVote: true, lacksBlsKey: false, lamports };
}

function view({ record, ...over }: Over = {}): ValidatorView {
  const slot = { lamports: 0n, epoch: 0n, state: 'closed', bump: 255 } as const;
  return {
    index: 3,
    vote: VOTE,
    slots: [],
    seat: seat(SPARE),
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
      windows16: 32,
      deficitPpm: 0,
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
      STATE,
    );
    expect([row.activeLamports, row.activatingLamports, row.coolingLamports]).toEqual([5n, 3n, 0n]);
    expect(row.state).toEqual({ text: 'active', kind: 'good' });
    expect(row.notes).toEqual([]);
  });

  it('says which rule is broken, with the figures', () => {
    const notes = (over: Over) => notesOf(view(over), STATE, 'en').join(' ');
    expect(notes({ violation: 'commission', commissionBps: 1_500 })).toBe(
      'Keeps 15.00% of the rewards, more than the 10.00% allowed.',
    );
    const low = { deficitPpm: 7_000_000, yieldsPpb: [90_000, 180_000, 5] };
    expect(notes({ violation: 'lowYield', record: low })).toBe(
      'Lacks 110% of the most that bad luck as a leader explains. ' +
        'Last earned: 0.009% of 0.018%, 0.018% of 0.018%.',
    );
    const none = { yieldsPpb: [1, null, null] };
    expect(notes({ violation: 'lowYield', record: none })).toBe(
      'Earned so little that no bad luck as a leader explains it. Last earned: 0.00% of 0.018%.',
    );
    const early = { ...low, bookedEpoch: 4n };
    expect(notes({ violation: 'lowYield', record: early })).toMatch(/explains\.$/);
    const gone = { ...seat(0n), hasVote: false };
    const closed = 'Its vote account was closed, so no stake is given to it.';
    expect(notes({ violation: 'closed', seat: gone })).toBe(closed);
    expect(notes({ violation: 'lowYield', seat: gone, record: none })).toContain(closed);
    expect(notes({ commissionBps: null })).toContain('of a layout that this page does not know');
    expect(notes({ violation: 'noBlsKey' })).toContain('BLS');
    expect(notes({ record: { isOdd: true } })).toContain('not what it should be');
    expect(notes({ record: { isLeaving: true } })).toContain('removes it');
  });

  it('says how many tickets are left, and warns before they are gone', () => {
    const told = (spare: bigint, over: Over = {}) => {
      const row = rowOf(view({ seat: seat(spare), ...over }), STATE, 'en');
      return [row.tickets, ...row.notes];
    };
    const warning = (left: string) =>
      `Its vote account can pay ${left}, 0.8 SOL per epoch. Without one its stake earns nothing.`;
    expect(told(2_400_000_000n)).toEqual([3n]);
    expect(told(2_399_999_999n)).toEqual([2n, warning('only 2 more admission tickets')]);
    expect(told(800_000_000n)).toEqual([1n, warning('only 1 more admission ticket')]);
    expect(told(799_999_999n, { status: 'noSeat', violation: 'cannotBeAdmitted' })).toEqual([
      0n,
      'Cannot pay its seat in the next epoch, which this pool asks for.',
      warning('no more admission ticket'),
    ]);
    // No stake comes to one without weight.
    expect(told(0n, { record: { nextWeight: 0 } })).toEqual([0n]);
    const gone = { ...seat(SPARE), hasVote: false };
    expect(rowOf(view({ seat: gone }), STATE).tickets).toBeNull();
    expect(rowOf(view({ status: 'noSeat' }), STATE).state.text).toBe('no seat');
  });

  it('says what brings weight back', () => {
    const aside = { isSetAside: true, asideWeight: 1_200, relapses: 2, compliant: 3 };
    expect(notesOf(view({ record: aside }), STATE, 'en')).toEqual([
      'A review set weight 1,200 aside (so far 2 times). 3 of the 4 epochs in a row that bring it back are done.',
    ]);
    const [, note] = notesOf(view({ record: aside, violation: 'closed' }), STATE, 'en');
    expect(note).toContain('after 4 epochs in a row');
    expect([1, 2, 6, 200].map(epochsToComply)).toEqual([2, 4, 64, 64]);
  });

  it('is a line of the file', () => {
    const row = rowOf(view({ violation: 'commission', commissionBps: 1_500 }), STATE, 'en');
    const [head, line] = csvOf([row]);
    expect(line).toHaveLength(head?.length ?? 0);
    expect(toCsv(csvOf([row])).split('\r\n')[1]).toBe(
      `3,${VOTE},,100,100,0,7,5,0,0,1500,180000,,20000,0,3,9,active,"Keeps 15.00% of the rewards, more than the 10.00% allowed."`,
    );
    const deficits = [0, 69_999, 6_999_999, 7_000_000, 16_000_000];
    const shown = deficits.map((ppm) => deficitText(ppm, 'en'));
    expect(shown).toEqual(['0%', '0%', '99%', '100%', '228%']);
    expect([yieldText(null), yieldText(180_123, 'en')]).toEqual(['–', '0.018%']);
  });
});
