import { leastOf, type DepositQuote } from '@thaw/client';
import { useChain, useSettings, type PoolNow } from '../../chain/index.js';
import { formatBps } from '../../format/index.js';
import { Amount, DefinitionList, type Definition } from '../../ui/index.js';
import { ShareRate } from './ShareRate.js';
import styles from './stake.module.css';

export interface DepositLinesProps {
  /** `undefined` while the pool is read, `null` where nothing can be deposited. */
  quote: DepositQuote | null | undefined;
  /** The quote is for 1 SOL, because nothing is typed. */
  isExample: boolean;
  /** Rent of a share account that must be opened, 0 where there is one. */
  rentLamports: bigint;
  at: PoolNow | undefined;
}

/** What a deposit gives and costs, line by line. */
export function DepositLines({ quote, isExample, rentLamports, at }: DepositLinesProps) {
  const { site } = useChain();
  const [{ slippageBps }] = useSettings();
  const sol = (value: bigint | undefined, places = 9) =>
    value === undefined ? '–' : <Amount value={value} unit="SOL" places={places} />;
  const shares = (value: bigint, isFocusable: boolean) => (
    <Amount value={value} unit={site.symbol} places={6} isFocusable={isFocusable} />
  );
  const lines: Definition[] = [
    {
      term: isExample ? 'You receive for 1 SOL' : 'You receive',
      isStrong: true,
      value: quote === null ? '–' : quote && shares(quote.shares, true),
    },
    {
      term: 'At least',
      help: `If the rate moves by more than ${formatBps(slippageBps)} before your transaction lands, it fails and costs only the network fee. Change this in the settings.`,
      value: quote === null ? '–' : quote && shares(leastOf(quote.shares, slippageBps), false),
    },
    { term: 'Rate', value: at && <ShareRate at={at} /> },
    {
      term: 'Deposit fee',
      value: quote === undefined ? undefined : sol(quote?.feeLamports),
      help: 'Stays in the pool for all holders, except for a referrer’s part.',
    },
    {
      term: 'Back in about a day',
      help: 'The pool has earned this already and releases it second by second. You buy your part of it, so that nobody can step in just to take it, and get it back as the rate rises.',
      value: quote === undefined ? undefined : sol(quote?.premiumLamports),
    },
    {
      term: 'Network fee',
      value: sol(5_000n, 6),
      help: 'For one signature. At busy times a little more is offered, so that it is taken soon.',
    },
  ];
  if (rentLamports > 0n) {
    lines.push({
      term: `Opens your ${site.symbol} account`,
      value: sol(rentLamports, 6),
      help: 'Rent that the network holds for a token account, once. It is yours again when you close the account.',
    });
  }
  return (
    <div className={styles.lines}>
      <DefinitionList label="What you get and what it costs" items={lines} />
    </div>
  );
}
