import type { Address } from '@solana/kit';
import {
  DEFICIT_LIMIT_PPM,
  deficitWithNewest,
  FEW_TICKETS,
  MAX_DEFICIT_PPM,
  meanYieldOf,
  type Pool,
  type PoolState,
  slotRentOf,
  ticketsOf,
  type ValidatorView,
} from '@thaw/client';
import { formatBps, formatCount, formatPpb, formatShare } from '../../format/index.js';

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
  /** What its stake earned less than it should, summed up, millionths of a leader window's yield. */
  readonly deficitPpm: number;
  /** Admission tickets that its vote account can still pay; `null` where it was closed. */
  readonly tickets: bigint | null;
  readonly bookedEpoch: bigint;
  readonly state: RowState;
  /** Rules that it breaks, and what a review did about it, in words. */
  readonly notes: readonly string[];
};

/** What of a state the lines depend on. */
export type RowContext = Pick<PoolState, 'pool' | 'rent'>;

const STATES: Record<ValidatorView['status'], RowState> = {
  active: { text: 'active', kind: 'good' },
  warming: { text: 'warming up', kind: 'info' },
  cooling: { text: 'cooling down', kind: 'plain' },
  empty: { text: 'no stake', kind: 'plain' },
  setAside: { text: 'set aside', kind: 'warn' },
  leaving: { text: 'leaving', kind: 'warn' },
  noVoteAccount: { text: 'no vote account', kind: 'warn' },
  noSeat: { text: 'no seat', kind: 'warn' },
  odd: { text: 'odd account', kind: 'warn' },
};

const CLOSED = 'Its vote account was closed, so no stake is given to it.';

/** The line of a validator. `locale`: for tests. */
export function rowOf(view: ValidatorView, state: RowContext, locale?: string): ValidatorRow {
  const { record } = view;
  const slotRent = slotRentOf(state.rent);
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
    deficitPpm: deficitWithNewest(record, state.pool),
    tickets: view.seat.hasVote ? ticketsOf(view.seat, state.rent) : null,
    bookedEpoch: record.bookedEpoch,
    state: STATES[view.status],
    notes: notesOf(view, state, locale),
  };
}

/** What is wrong with a validator and what follows from it, in sentences; none for most. */
export function notesOf(view: ValidatorView, state: RowContext, locale?: string): string[] {
  const { record, seat } = view;
  const notes: string[] = [];
  const broken = violationText(view, state.pool, locale);
  if (broken !== null) notes.push(broken);
  if (record.isSetAside) notes.push(asideText(view, broken !== null, locale));
  if (record.isLeaving) notes.push('The operator removes it: its stake leaves, then the entry.');
  if (record.isOdd || record.slots.some((slot) => slot.state === 'odd')) {
    notes.push('One of its stake accounts is not what it should be, and counts as nothing.');
  }
  if (!seat.hasVote) {
    if (view.violation !== 'closed') notes.push(CLOSED);
    return notes;
  }
  if (view.commissionBps === null) {
    notes.push(
      'Its vote account is of a layout that this page does not know: its yield must speak.',
    );
  }
  const tickets = ticketsOf(seat, state.rent);
  if (tickets < FEW_TICKETS && record.nextWeight > 0) notes.push(ticketText(tickets));
  return notes;
}

function ticketText(tickets: bigint): string {
  const left = tickets === 0n ? 'no more' : tickets === 1n ? 'only 1 more' : `only ${tickets} more`;
  return `Its vote account can pay ${left} admission ${tickets < 2n ? 'ticket' : 'tickets'}, 0.8 SOL per epoch. Without one its stake earns nothing.`;
}

function violationText(view: ValidatorView, pool: Pool, locale?: string): string | null {
  switch (view.violation) {
    case null:
      return null;
    case 'lowYield':
      return lowYieldText(view, pool, locale);
    case 'commission':
      return `Keeps ${formatBps(view.commissionBps ?? 0, locale)} of the rewards, more than the ${formatBps(pool.config.maxCommissionBps, locale)} allowed.`;
    case 'noBlsKey':
      return 'Has no BLS key, which this pool asks for.';
    case 'closed':
      return CLOSED;
    case 'cannotBeAdmitted':
      return 'Cannot pay its seat in the next epoch, which this pool asks for.';
  }
}

function lowYieldText(view: ValidatorView, pool: Pool, locale?: string): string {
  const deficit = deficitWithNewest(view.record, pool);
  const lack =
    deficit === MAX_DEFICIT_PPM
      ? 'Earned so little that no bad luck as a leader explains it'
      : `Lacks ${deficitText(deficit, locale)} of the most that bad luck as a leader explains`;
  const pairs = yieldPairs(view, pool, locale);
  return pairs === '' ? `${lack}.` : `${lack}. Last earned: ${pairs}.`;
}

/** `0.0100% of 0.0180%` per epoch that is known, newest first. */
function yieldPairs({ record }: ValidatorView, pool: Pool, locale?: string): string {
  return record.yieldsPpb
    .flatMap((own, place) => {
      const mean = meanYieldOf(pool, record.bookedEpoch - BigInt(place));
      if (own === null || mean === 0) return [];
      return [`${yieldText(own, locale)} of ${yieldText(mean, locale)}`];
    })
    .join(', ');
}

/** A yield of one epoch: `0.0180%`; a dash where it is not known. */
export function yieldText(ppb: number | null, locale?: string): string {
  return ppb === null ? '–' : formatPpb(BigInt(ppb), 4, locale);
}

/** A deficit as a part of the least that is a fault, rounded down: `99%`. */
export function deficitText(ppm: number, locale?: string): string {
  const percent = Math.floor((ppm * 100) / DEFICIT_LIMIT_PPM);
  return formatShare(BigInt(percent), 100n, 0, locale);
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
  const known = (value: number | bigint | null | undefined) => (value ?? '').toString();
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
      'deficit_ppm',
      'admission_tickets',
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
      row.deficitPpm.toString(),
      known(row.tickets),
      row.bookedEpoch.toString(),
      row.state.text,
      row.notes.join(' '),
    ]),
  ];
}
