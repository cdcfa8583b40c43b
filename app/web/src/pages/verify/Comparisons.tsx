import { Amount, Badge, Card, Table, type Column } from '../../ui/index.js';
import { Difference } from './Difference.js';
import type { Comparison } from './verification.js';
import styles from './Comparisons.module.css';

export interface ComparisonsProps {
  comparisons: readonly Comparison[];
}

/** The result of a comparison in a word. */
function Result({ row: { verdict, difference } }: { readonly row: Comparison }) {
  if (verdict === 'same') return <Badge kind="good">matches</Badge>;
  if (verdict === 'wrong') return <Badge kind="bad">wrong</Badge>;
  return <Badge kind={difference < 0n ? 'warn' : 'info'}>not booked yet</Badge>;
}

const COLUMNS: readonly Column<Comparison>[] = [
  {
    key: 'name',
    header: 'What',
    isRowHeader: true,
    cell: (row) => (
      <span className={styles.name}>
        <span className={styles.what}>
          {row.name} <Result row={row} />
        </span>
        {row.why !== '' && <span className={styles.why}>{row.why}</span>}
      </span>
    ),
  },
  {
    key: 'chain',
    header: 'Counted',
    help: 'From the accounts on chain; the sum of the records, and the mint’s own count of shares with the fee shares owed.',
    isNumeric: true,
    cell: (row) => <Amount value={row.chain} places={9} isFixed />,
  },
  {
    key: 'books',
    header: 'Books',
    help: 'What the pool’s account says.',
    isNumeric: true,
    cell: (row) => <Amount value={row.books} places={9} isFixed />,
  },
  {
    key: 'difference',
    header: 'Difference',
    isNumeric: true,
    cell: (row) => <Difference value={row.difference} />,
  },
];

/** Sums on chain beside sums in the books. */
export function Comparisons({ comparisons }: ComparisonsProps) {
  return (
    <Card title="Sums" isFlush>
      <Table
        caption="Sums on chain and in the books, SOL and shares"
        columns={COLUMNS}
        rows={comparisons}
        rowKey={(row) => row.id}
      />
    </Card>
  );
}
