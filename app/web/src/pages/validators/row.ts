import type { Address } from '@solana/kit';
import type { Pool, ValidatorView } from '@thaw/client';
import { formatBps, formatCount, formatPpb } from '../../format/index.js';

/** What a validator does for the pool, in a word or two. */
export type RowState = { readonly text: string; readonly kind: 'good' | 'info' | 'warn' | 'plain' };

/** A line of the table. Amounts are lamports without rent. */
export type ValidatorRow = {
  readonly index: number;
  readonly vote: Address;
  readonly identity: Address | null;
  readonly weight: number;
  readonly nextWeight: number;
  readonly asideWeight: number;
  readonly targetLamports: bigint;
  readonly activeLamports: bigint;
  readonly activatingLamports: bigint;
  readonly coolingLamports: bigint;
  readonly commissionBps: number | null;
  /** What its stake earned in each of the last three epochs, parts per billion, newest first. */
  readonly yieldsPpb: readonly (number | null)[];
  readonly bookedEpoch: bigint;
  readonly state: RowState;
  /** Rules that it breaks, and what a review did about it, in words. */
  readonly notes: readonly string[];
};

/** What of a pool the words depend on. */
export type RowPool = Pick<Pool, 'config' | 'meanYieldsPpb' | 'epoch'>;

const STATES: Record<ValidatorView['status'], RowState> = {
  active: { text: 'active', kind: 'good' },
  warming: { text: 'warming up', kind: 'info' },
  cooling: { text: 'cooling down', kind: 'plain' },
  empty: { text: 'no stake', kind: 'plain' },
  setAside: { text: 'set aside', kind: 'warn' },
  leaving: { text: 'leaving', kind: 'warn' },
  noVoteAccount: { text: 'no vote account', kind: 'warn' },
  odd: { text: 'odd account', kind: 'warn' },
};

/** The line of a validator. `slotRent`: rent of a stake account, lamports. `locale`: for tests. */
export function rowOf(
  view: ValidatorView,
  pool: RowPool,
  slotRent: bigint,
  locale?: string,
): ValidatorRow {
  const { record } = view;
  const held = (state: string) =>
    record.slots
      .filter((slot) => slot.state === state)
      .reduce((sum, slot) => sum + (slot.lamports > slotRent ? slot.lamports - slotRent : 0n), 0n);
  return {
    index: view.index,
    vote: view.vote,
    identity: view.identity,
    weight: view.weight,
    nextWeight: record.nextWeight,
    asideWeight: record.asideWeight,
    targetLamports: view.target,
    activeLamports: held('active'),
    activatingLamports: held('activating'),
    coolingLamports: held('cooling'),
    commissionBps: view.commissionBps,
    yieldsPpb: record.yieldsPpb,
    bookedEpoch: record.bookedEpoch,
    state: STATES[view.status],
    notes: notesOf(view, pool, locale),
  };
}

/** What is wrong with a validator and what follows from it, in sentences; none for most. */
export function notesOf(view: ValidatorView, pool: RowPool, locale?: string): string[] {
  const { record } = view;
  const notes: string[] = [];
  const broken = violationText(view, pool, locale);
  if (broken !== null) notes.push(broken);
  if (record.isSetAside) notes.push(asideText(view, broken !== null, locale));
  if (record.isLeaving) notes.push('The operator removes it: its stake leaves, then the entry.');
  if (record.isOdd || record.slots.some((slot) => slot.state === 'odd')) {
    notes.push('One of its stake accounts is not what it should be, and counts as nothing.');
  }
  if (!view.hasVote && view.violation !== 'closed') {
    notes.push('Its vote account cannot be read, so no stake is given to it.');
  }
  return notes;
}

function violationText(view: ValidatorView, pool: RowPool, locale?: string): string | null {
  switch (view.violation) {
    case null:
      return null;
    case 'lowYield':
      return `Earned less than 80% of the pool’s mean in two of the last three epochs: ${yieldPairs(view, pool, locale)}.`;
    case 'commission':
      return `Keeps ${formatBps(view.commissionBps ?? 0, locale)} of the rewards, more than the ${formatBps(pool.config.maxCommissionBps, locale)} allowed.`;
    case 'noBlsKey':
      return 'Has no BLS key, which this pool asks for.';
    case 'closed':
      return 'Its vote account was closed.';
    case 'notVoting':
      return 'Voted in neither of the last two epochs, while others did.';
  }
}

/** `0.0100% of 0.0180%` per epoch that is known, newest first. */
function yieldPairs({ record }: ValidatorView, pool: RowPool, locale?: string): string {
  return record.yieldsPpb
    .flatMap((own, place) => {
      const mean = pool.meanYieldsPpb[place] ?? 0;
      if (own === null || mean === 0) return [];
      return [`${yieldText(own, locale)} of ${yieldText(mean, locale)}`];
    })
    .join(', ');
}

/** A yield of one epoch: `0.0180%`; a dash where it is not known. */
export function yieldText(ppb: number | null, locale?: string): string {
  return ppb === null ? '–' : formatPpb(BigInt(ppb), 4, locale);
}

/** Epochs in a row that bring weight back: 2, twice as many with each relapse, 64 at most. */
export function epochsToComply(relapses: number): number {
  return 2 ** Math.min(relapses, 6);
}

function asideText({ record }: ValidatorView, isBroken: boolean, locale?: string): string {
  const weight = formatCount(record.asideWeight, locale);
  const needed = epochsToComply(record.relapses);
  const times = record.relapses === 1 ? 'once' : `${record.relapses} times`;
  const taken = `A review set weight ${weight} aside (so far ${times}).`;
  const back = isBroken
    ? `It comes back after ${needed} epochs in a row without a fault.`
    : `${record.compliant} of the ${needed} epochs in a row that bring it back are done.`;
  return `${taken} ${back}`;
}

/** Header and lines of the file that can be downloaded. Amounts are lamports, parts per billion. */
export function csvOf(rows: readonly ValidatorRow[]): string[][] {
  const known = (value: number | null | undefined) => (value ?? '').toString();
  return [
    [
      'index',
      'vote_account',
      'identity',
      'weight',
      'next_weight',
      'set_aside_weight',
      'target_lamports',
      'active_lamports',
      'activating_lamports',
      'cooling_lamports',
      'commission_bps',
      'yield_newest_ppb',
      'yield_before_ppb',
      'yield_oldest_ppb',
      'booked_epoch',
      'state',
      'notes',
    ],
    ...rows.map((row) => [
      row.index.toString(),
      row.vote,
      row.identity ?? '',
      row.weight.toString(),
      row.nextWeight.toString(),
      row.asideWeight.toString(),
      row.targetLamports.toString(),
      row.activeLamports.toString(),
      row.activatingLamports.toString(),
      row.coolingLamports.toString(),
      known(row.commissionBps),
      known(row.yieldsPpb[0]),
      known(row.yieldsPpb[1]),
      known(row.yieldsPpb[2]),
      row.bookedEpoch.toString(),
      row.state.text,
      row.notes.join(' '),
    ]),
  ];
}
