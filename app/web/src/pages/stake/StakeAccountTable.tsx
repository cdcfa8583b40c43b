import {
  depositStake,
  leastOf,
  quoteStakeDeposit,
  type StakeAccountView,
  type StakeEligibility,
} from '@thaw/client';
import { attempt, useChain, useSettings, useTransaction, type PoolNow } from '../../chain/index.js';
import { formatAmount } from '../../format/index.js';
import { Amount, Button, CopyableAddress, Table, type Column } from '../../ui/index.js';
import styles from './StakeAccountTable.module.css';

export interface StakeRow {
  account: StakeAccountView;
  eligibility: StakeEligibility;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Own stake accounts: what each would buy, or why it does not fit. */
export function StakeAccountTable({
  rows,
  at,
}: {
  rows?: StakeRow[] | undefined;
  at?: PoolNow | undefined;
}) {
  const { site } = useChain();
  const [{ slippageBps }] = useSettings();
  const { run, isBusy } = useTransaction();

  const quoteOf = ({ account }: StakeRow) =>
    at && attempt(() => quoteStakeDeposit(at.state, account.lamports, at.now));

  const deposit = (row: StakeRow) => {
    const { account, eligibility } = row;
    const quote = quoteOf(row);
    if (!eligibility.eligible || !quote || quote instanceof Error) return;
    const minOut = leastOf(quote.shares, slippageBps);
    void run({
      title: `Deposit a stake account of ${formatAmount(account.lamports)} SOL`,
      done: `Your ${site.symbol} is in your wallet; the stake is the pool’s now.`,
      build: async ({ state, signer }) => {
        const { validator } = eligibility;
        return [[await depositStake({ state, owner: signer, account, validator, minOut })]];
      },
    });
  };

  const columns: Column<StakeRow>[] = [
    {
      key: 'address',
      header: 'Account',
      isRowHeader: true,
      cell: ({ account }) => <CopyableAddress address={account.address} label="stake account" />,
    },
    {
      key: 'stake',
      header: 'SOL in it',
      isNumeric: true,
      sortValue: ({ account }) => account.lamports,
      cell: ({ account }) => <Amount value={account.lamports} />,
    },
    {
      key: 'buys',
      header: 'You receive, or why not',
      cell: (row) => {
        if (!row.eligibility.eligible) {
          return <span className={styles.reason}>{sentence(row.eligibility.reason)}</span>;
        }
        const quote = quoteOf(row);
        if (!quote || quote instanceof Error) return '–';
        return <Amount value={quote.shares} unit={site.symbol} />;
      },
    },
    {
      key: 'do',
      header: 'Deposit',
      cell: (row) => (
        <Button
          size="small"
          kind="primary"
          disabled={!row.eligibility.eligible || isBusy}
          onClick={() => deposit(row)}
        >
          Deposit
        </Button>
      ),
    },
  ];
  return (
    <div className={styles.frame}>
      <Table
        caption="Your stake accounts"
        columns={columns}
        rows={rows}
        rowKey={({ account }) => account.address}
        pageSize={20}
      />
    </div>
  );
}
