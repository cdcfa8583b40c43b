import { sorted, type SortValue } from '../../ui/sort.js';
import type { ValidatorRow } from './row.js';

/** What the table can be sorted by. */
export type SortKey =
  | 'vote'
  | 'state'
  | 'weight'
  | 'nextWeight'
  | 'asideWeight'
  | 'target'
  | 'active'
  | 'activating'
  | 'cooling'
  | 'commission'
  | 'yield0'
  | 'yield1'
  | 'yield2'
  | 'deficit'
  | 'tickets'
  | 'booked';

/** An order of the table. */
export type Order = { readonly key: SortKey; readonly isDescending: boolean };

const VALUES: Record<SortKey, (row: ValidatorRow) => SortValue> = {
  vote: (row) => row.vote,
  // Who breaks rules first, then by what it does.
  state: (row) => `${9 - row.notes.length} ${row.state.text}`,
  weight: (row) => row.weight,
  nextWeight: (row) => row.nextWeight,
  asideWeight: (row) => row.asideWeight,
  target: (row) => row.targetLamports,
  active: (row) => row.activeLamports,
  activating: (row) => row.activatingLamports,
  cooling: (row) => row.coolingLamports,
  commission: (row) => row.commissionBps,
  yield0: (row) => row.yieldsPpb[0] ?? null,
  yield1: (row) => row.yieldsPpb[1] ?? null,
  yield2: (row) => row.yieldsPpb[2] ?? null,
  deficit: (row) => row.deficitPpm,
  tickets: (row) => row.tickets,
  booked: (row) => row.bookedEpoch,
};

/** The rows in an order; what is not known stands last in both directions. */
export function inOrder(rows: readonly ValidatorRow[], order: Order): ValidatorRow[] {
  return sorted(rows, VALUES[order.key], order.isDescending);
}

/** The order when a heading is pressed: numbers begin with the largest, words with the first. */
export function nextOrder(order: Order, key: SortKey): Order {
  if (order.key === key) return { key, isDescending: !order.isDescending };
  return { key, isDescending: key !== 'vote' && key !== 'state' };
}

/** The rows whose vote account or node contains `text`, in any case. */
export function search(rows: readonly ValidatorRow[], text: string): readonly ValidatorRow[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter((row) =>
    [row.vote, row.identity ?? ''].some((key) => key.toLowerCase().includes(wanted)),
  );
}

/** Sums over validators, lamports. */
export type Totals = {
  readonly count: number;
  readonly weight: bigint;
  readonly nextWeight: bigint;
  readonly asideWeight: bigint;
  readonly targetLamports: bigint;
  readonly activeLamports: bigint;
  readonly activatingLamports: bigint;
  readonly coolingLamports: bigint;
};

/** Sums over `rows`. */
export function totalsOf(rows: readonly ValidatorRow[]): Totals {
  const sum = (part: (row: ValidatorRow) => bigint) =>
    rows.reduce((total, row) => total + part(row), 0n);
  return {
    count: rows.length,
    weight: sum((row) => BigInt(row.weight)),
    nextWeight: sum((row) => BigInt(row.nextWeight)),
    asideWeight: sum((row) => BigInt(row.asideWeight)),
    targetLamports: sum((row) => row.targetLamports),
    activeLamports: sum((row) => row.activeLamports),
    activatingLamports: sum((row) => row.activatingLamports),
    coolingLamports: sum((row) => row.coolingLamports),
  };
}

/** Part of the rows that one page shows. */
export type Page = {
  readonly rows: readonly ValidatorRow[];
  /** Number of this page, from 0. */
  readonly index: number;
  /** How many there are, at least 1. */
  readonly count: number;
};

/** Page `index` of `rows`, or the last one where there are fewer. */
export function pageOf(rows: readonly ValidatorRow[], index: number, size: number): Page {
  const count = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(Math.max(0, index), count - 1);
  return { rows: rows.slice(at * size, (at + 1) * size), index: at, count };
}
