import type { ReactNode } from 'react';
import { formatBps, formatCount } from '../../format/index.js';
import { Amount, Badge, CopyableAddress } from '../../ui/index.js';
import { Notes } from './Notes.js';
import { deficitText, yieldText, type ValidatorRow } from './row.js';
import type { SortKey, Totals } from './table.js';

/** A column of the table, and a line of a card. */
export type ValidatorColumn = {
  readonly key: SortKey;
  readonly header: string;
  /** What it means, behind an info button. */
  readonly help?: string;
  readonly isNumeric: boolean;
  readonly cell: (row: ValidatorRow) => ReactNode;
  /** What the last line says; empty where a sum means nothing. */
  readonly total?: (totals: Totals) => ReactNode;
};

const sol = (lamports: bigint) => <Amount value={lamports} places={4} isFixed />;

/** The weight set aside, or a dash for none. */
const aside = (weight: bigint | number) => (BigInt(weight) === 0n ? '–' : formatCount(weight));

/** All columns, in order. */
export const COLUMNS: readonly ValidatorColumn[] = [
  {
    key: 'vote',
    header: 'Vote account',
    isNumeric: false,
    cell: (row) => <CopyableAddress address={row.vote} label="vote account" />,
    total: ({ count }) => (count === 1 ? '1 validator' : `${formatCount(count)} validators`),
  },
  {
    key: 'state',
    header: 'State',
    isNumeric: false,
    cell: (row) => (
      <>
        <Badge kind={row.state.kind}>{row.state.text}</Badge>
        <Notes notes={row.notes} />
      </>
    ),
  },
  {
    key: 'weight',
    header: 'Weight',
    help: 'Its part of the pool: its weight divided by all weights.',
    isNumeric: true,
    cell: (row) => formatCount(row.weight),
    total: ({ weight }) => formatCount(weight),
  },
  {
    key: 'nextWeight',
    header: 'Next',
    help: 'The weight from the next finalize on. New stake comes by this one’s part of the pool or the other’s, whichever is smaller.',
    isNumeric: true,
    cell: (row) =>
      row.nextWeight === row.weight ? (
        formatCount(row.nextWeight)
      ) : (
        <strong>{formatCount(row.nextWeight)}</strong>
      ),
    total: ({ nextWeight }) => formatCount(nextWeight),
  },
  {
    key: 'target',
    header: 'Target, SOL',
    help: 'What it should hold by its weight. Stake moves towards it late in each epoch.',
    isNumeric: true,
    cell: (row) => sol(row.targetLamports),
    total: ({ targetLamports }) => sol(targetLamports),
  },
  {
    key: 'active',
    header: 'Active, SOL',
    isNumeric: true,
    cell: (row) => sol(row.activeLamports),
    total: ({ activeLamports }) => sol(activeLamports),
  },
  {
    key: 'commission',
    header: 'Commission',
    help: 'What it keeps of the rewards, by its vote account now.',
    isNumeric: true,
    cell: (row) => (row.commissionBps === null ? '–' : formatBps(row.commissionBps)),
  },
  ...(['yield0', 'yield1', 'yield2'] as const).map((key, place) => ({
    key,
    header: ['Yield', 'Yield, 1 ago', 'Yield, 2 ago'][place] ?? '',
    help: [
      'What its stake earned in the last epoch that was booked.',
      'The same an epoch earlier.',
      'The same two epochs earlier.',
    ][place],
    isNumeric: true,
    cell: (row: ValidatorRow) => yieldText(row.yieldsPpb[place] ?? null),
  })),
  {
    key: 'deficit',
    header: 'Lacking',
    help: 'What its stake earned too little, summed up, as a part of the most that bad luck as a leader explains. From 100% on a review takes its weight.',
    isNumeric: true,
    cell: (row) => (row.deficitPpm === 0 ? '–' : deficitText(row.deficitPpm)),
  },
  {
    key: 'tickets',
    header: 'Tickets',
    help: 'Epochs ahead that its vote account can pay a seat in, at 0.8 SOL each. Without one its stake earns nothing.',
    isNumeric: true,
    cell: (row) => (row.tickets === null ? '–' : formatCount(row.tickets)),
  },
  {
    key: 'activating',
    header: 'Warming, SOL',
    help: 'Begins to earn at the next epoch.',
    isNumeric: true,
    cell: (row) => sol(row.activatingLamports),
    total: ({ activatingLamports }) => sol(activatingLamports),
  },
  {
    key: 'cooling',
    header: 'Cooling, SOL',
    help: 'On its way back to the reserve.',
    isNumeric: true,
    cell: (row) => sol(row.coolingLamports),
    total: ({ coolingLamports }) => sol(coolingLamports),
  },
  {
    key: 'asideWeight',
    header: 'Set aside',
    help: 'Weight that a review took away; it comes back once the validator keeps the rules again.',
    isNumeric: true,
    cell: (row) => aside(row.asideWeight),
    total: ({ asideWeight }) => aside(asideWeight),
  },
  {
    key: 'booked',
    header: 'Booked',
    help: 'The epoch in which its stake accounts were last compared with the books.',
    isNumeric: true,
    cell: (row) => row.bookedEpoch.toString(),
  },
];
