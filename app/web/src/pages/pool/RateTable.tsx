import type { EpochRate } from '@thaw/client';
import { formatPpb, formatTime, isoTime } from '../../format/index.js';
import { Amount, Table, type Column } from '../../ui/index.js';

export interface RateTableProps {
  rates: readonly EpochRate[] | undefined;
}

/** A part of the whole, or a dash where it is not known. */
const part = (ppb: bigint | null, places: number) => (ppb === null ? '–' : formatPpb(ppb, places));

const COLUMNS: readonly Column<EpochRate>[] = [
  {
    key: 'epoch',
    header: 'Epoch',
    cell: (rate) => rate.epoch.toString(),
    sortValue: (rate) => rate.epoch,
    isRowHeader: true,
  },
  {
    key: 'time',
    header: 'Finalized',
    cell: (rate) => <time dateTime={isoTime(rate.unixTime)}>{formatTime(rate.unixTime)}</time>,
  },
  {
    key: 'assets',
    header: 'SOL',
    isNumeric: true,
    cell: (rate) => <Amount value={rate.assetsLamports} isFixed />,
    sortValue: (rate) => rate.assetsLamports,
  },
  {
    key: 'shares',
    header: 'Shares',
    isNumeric: true,
    cell: (rate) => <Amount value={rate.shares} isFixed />,
    sortValue: (rate) => rate.shares,
  },
  {
    key: 'rate',
    header: 'Rate',
    isNumeric: true,
    cell: (rate) => <Amount value={rate.rateLamports} places={9} isFixed />,
    sortValue: (rate) => rate.rateLamports,
  },
  {
    key: 'growth',
    header: 'Growth',
    isNumeric: true,
    cell: (rate) => part(rate.growthPpb, 4),
    sortValue: (rate) => rate.growthPpb,
  },
  {
    key: 'apy',
    header: 'APY',
    isNumeric: true,
    cell: (rate) => part(rate.apyPpb, 2),
    sortValue: (rate) => rate.apyPpb,
  },
];

/** The same figures as the chart's, as a table, newest first. */
export function RateTable({ rates }: RateTableProps) {
  return (
    <Table
      caption="Rate, growth and APY of the last epochs"
      columns={COLUMNS}
      rows={rates}
      rowKey={(rate) => rate.epoch.toString()}
      initialSort={{ key: 'epoch', isDescending: true }}
      skeletonRows={6}
      maxHeight="22rem"
      empty="The pool has not been finalized yet."
    />
  );
}
