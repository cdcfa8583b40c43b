import { useState } from 'react';
import { Amount, Card, CopyableAddress, Table, type Column } from '../../ui/index.js';
import { Difference } from './Difference.js';
import type { ValidatorComparison } from './verification.js';
import styles from './ValidatorComparisons.module.css';

export interface ValidatorComparisonsProps {
  validators: readonly ValidatorComparison[];
}

/** Rows shown at first. */
const PAGE = 50;

const COLUMNS: readonly Column<ValidatorComparison>[] = [
  {
    key: 'vote',
    header: 'Vote account',
    isRowHeader: true,
    cell: (row) => <CopyableAddress address={row.vote} label="vote account" />,
    sortValue: (row) => row.vote,
  },
  {
    key: 'accounts',
    header: 'Accounts',
    isNumeric: true,
    cell: (row) => row.slots.filter((slot) => slot.chainLamports > 0n).length,
  },
  {
    key: 'chain',
    header: 'On chain, SOL',
    isNumeric: true,
    cell: (row) => <Amount value={row.chain} places={9} isFixed />,
    sortValue: (row) => row.chain,
  },
  {
    key: 'books',
    header: 'Recorded, SOL',
    isNumeric: true,
    cell: (row) => <Amount value={row.books} places={9} isFixed />,
    sortValue: (row) => row.books,
  },
  {
    key: 'difference',
    header: 'Difference',
    isNumeric: true,
    cell: (row) => <Difference value={row.difference} />,
    sortValue: (row) => row.difference,
  },
  {
    key: 'booked',
    header: 'Booked in',
    isNumeric: true,
    cell: (row) => row.bookedEpoch.toString(),
    sortValue: (row) => row.bookedEpoch,
  },
  { key: 'why', header: 'Why', cell: (row) => <span className={styles.why}>{row.why}</span> },
];

/** Each validator's stake accounts beside its record. */
export function ValidatorComparisons({ validators }: ValidatorComparisonsProps) {
  const [isAll, setIsAll] = useState(true);
  const different = validators.filter((row) => row.difference !== 0n);
  return (
    <Card
      title="Validators"
      aside={
        different.length > 0 && (
          <label>
            <input
              type="checkbox"
              checked={!isAll}
              onChange={(event) => setIsAll(!event.target.checked)}
            />{' '}
            Only the {different.length} that differ
          </label>
        )
      }
      isFlush
    >
      <Table
        caption="Stake accounts on chain and in the records, by validator"
        columns={COLUMNS}
        rows={isAll || different.length === 0 ? validators : different}
        rowKey={(row) => row.vote}
        initialSort={{ key: 'chain', isDescending: true }}
        pageSize={PAGE}
        empty="No validators are listed."
      />
    </Card>
  );
}
