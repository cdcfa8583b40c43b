import { address } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { ValidatorRow } from './row.js';
import { inOrder, nextOrder, pageOf, search, totalsOf, type SortKey } from './table.js';

const VOTE = address('Vote111111111111111111111111111111111111111');
const NODE = address('SysvarC1ock11111111111111111111111111111111');

function row(index: number, over: Partial<ValidatorRow> = {}): ValidatorRow {
  return {
    index,
    vote: VOTE,
    identity: null,
    weight: index,
    nextWeight: index,
    asideWeight: 0,
    targetLamports: 0n,
    activeLamports: BigInt(index),
    activatingLamports: 1n,
    coolingLamports: 2n,
    commissionBps: null,
    yieldsPpb: [null, null, null],
    deficitPpm: 0,
    tickets: 3n,
    bookedEpoch: 1n,
    state: { text: 'active', kind: 'good' },
    notes: [],
    ...over,
  };
}
const ids = (rows: readonly ValidatorRow[]) => rows.map((it) => it.index);

describe('the table', () => {
  it('is sorted either way, with the unknown last and equals in list order', () => {
    const rows = [
      row(0, { commissionBps: 500 }),
      row(1),
      row(2, { commissionBps: 0 }),
      row(3, { commissionBps: 500 }),
    ];
    const by = (key: SortKey, isDescending: boolean) => ids(inOrder(rows, { key, isDescending }));
    expect(by('commission', true)).toEqual([0, 3, 2, 1]);
    expect(by('commission', false)).toEqual([2, 0, 3, 1]);
    expect(by('active', true)).toEqual([3, 2, 1, 0]);
    expect(by('yield0', true)).toEqual([0, 1, 2, 3]);
    const noted = [row(0), row(1, { notes: ['low'] }), row(2)];
    expect(ids(inOrder(noted, { key: 'state', isDescending: false }))).toEqual([1, 0, 2]);
  });

  it('sorts a large bigint as a number, not as text', () => {
    const rows = [row(0, { activeLamports: 9n }), row(1, { activeLamports: 10n ** 18n })];
    expect(ids(inOrder(rows, { key: 'active', isDescending: true }))).toEqual([1, 0]);
  });

  it('turns around when a heading is pressed again', () => {
    const first = nextOrder({ key: 'vote', isDescending: false }, 'weight');
    expect(first).toEqual({ key: 'weight', isDescending: true });
    expect(nextOrder(first, 'weight').isDescending).toBe(false);
    expect(nextOrder(first, 'vote').isDescending).toBe(false);
  });

  it('is searched by vote account and node', () => {
    const rows = [row(0), row(1, { identity: NODE })];
    expect(ids(search(rows, ' sysvarc1 '))).toEqual([1]);
    expect(ids(search(rows, 'vote111'))).toEqual([0, 1]);
    expect(search(rows, 'nothing')).toEqual([]);
    expect(search(rows, '')).toBe(rows);
  });

  it('has totals', () => {
    expect(totalsOf([row(1), row(2)])).toMatchObject({
      count: 2,
      weight: 3n,
      activeLamports: 3n,
      activatingLamports: 2n,
      coolingLamports: 4n,
    });
  });

  it('is shown in pages', () => {
    const rows = Array.from({ length: 101 }, (_, index) => row(index));
    expect(pageOf(rows, 0, 50)).toMatchObject({ index: 0, count: 3 });
    expect(ids(pageOf(rows, 9, 50).rows)).toEqual([100]);
    expect(pageOf([], -1, 50)).toEqual({ rows: [], index: 0, count: 1 });
  });
});
