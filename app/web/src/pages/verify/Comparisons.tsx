import { Amount, Badge, Card, Table, type Column } from '../../ui/index.js';
import { Difference } from './Difference.js';
import type { Comparison } from './verification.js';
import styles from './Comparisons.module.css';

export interface ComparisonsProps {
  comparisons: readonly Comparison[];
}

const WORDS = {
  same: { kind: 'good', text: 'matches' },
  later: { kind: 'warn', text: 'not booked yet' },
  wrong: { kind: 'bad', text: 'wrong' },
} as const;

const COLUMNS: readonly Column<Comparison>[] = [
  {
    key: 'name',
    header: 'What',
    isRowHeader: true,
    cell: (row) => (
      <span className={styles.name}>
        <span className={styles.what}>
          {row.name} <Badge kind={WORDS[row.verdict].kind}>{WORDS[row.verdict].text}</Badge>
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
