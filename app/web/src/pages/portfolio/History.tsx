import { rates } from '@thaw/client';
import { useMemo } from 'react';
import { useBalances, useChain, usePoolState } from '../../chain/index.js';
import { download, formatTime } from '../../format/index.js';
import { Amount, Button, Card, DownloadIcon, Table, type Column } from '../../ui/index.js';
import { pastWorth, pastWorthCsv, type PastWorth } from './holding.js';
import styles from './portfolio.module.css';

const COLUMNS: readonly Column<PastWorth>[] = [
  {
    key: 'epoch',
    header: 'Epoch',
    isRowHeader: true,
    sortValue: ({ epoch }) => epoch,
    cell: ({ epoch }) => epoch.toString(),
  },
  {
    key: 'worth',
    header: 'Worth in SOL',
    isNumeric: true,
    sortValue: ({ worthLamports }) => worthLamports,
    cell: ({ worthLamports }) => <Amount value={worthLamports} places={6} isFixed />,
  },
  {
    key: 'gain',
    header: 'Gain in SOL',
    isNumeric: true,
    sortValue: ({ gainLamports }) => gainLamports,
    cell: ({ gainLamports }) =>
      gainLamports === null ? '–' : <Amount value={gainLamports} places={9} isFixed />,
  },
  {
    key: 'rate',
    header: 'Rate in SOL',
    isNumeric: true,
    sortValue: ({ rateLamports }) => rateLamports,
    cell: ({ rateLamports }) => <Amount value={rateLamports} places={6} isFixed />,
  },
  {
    key: 'time',
    header: 'Books closed',
    sortValue: ({ unixTime }) => unixTime,
    cell: ({ unixTime }) => <span className={styles.time}>{formatTime(unixTime)}</span>,
  },
];

/** What the present holding was worth in the last epochs, from the pool's own history. */
export function History() {
  const { site } = useChain();
  const { data: state } = usePoolState();
  const { data: balances } = useBalances();
  const shares = balances?.shares;
  const rows = useMemo(
    () => (state && shares !== undefined ? pastWorth(rates(state.pool), shares) : undefined),
    [state, shares],
  );
  return (
    <Card
      title="Over the last epochs"
      isFlush
      aside={
        <Button
          size="small"
          icon={<DownloadIcon />}
          disabled={!rows || rows.length === 0}
          onClick={() =>
            download(`${site.symbol}-history.csv`, pastWorthCsv(rows ?? [], shares ?? 0n))
          }
        >
          Export CSV
        </Button>
      }
    >
      <p className={styles.note}>
        What the {site.symbol} you hold now was worth each time the pool closed its books, all gain
        counted. The pool keeps its last 64 epochs; when you bought does not show here.
      </p>
      <Table
        caption="Worth of your holding by epoch"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ epoch }) => epoch.toString()}
        initialSort={{ key: 'epoch', isDescending: true }}
        empty="The pool has closed no epoch yet."
        pageSize={16}
      />
    </Card>
  );
}
