import { usePoolState, useChain } from '../../chain/index.js';
import { formatExact } from '../../format/index.js';
import { Card } from '../../ui/index.js';
import type { RateParts } from './verification.js';
import styles from './Formula.module.css';

export interface FormulaProps {
  rate: RateParts;
}

type Line = {
  readonly name: string;
  readonly formula: string;
  readonly numbers: string;
  readonly result: string;
};

/** How the exit rate comes about, with the numbers that were read put in. */
export function Formula({ rate }: FormulaProps) {
  const { symbol } = useChain().site;
  const { data: state } = usePoolState();
  return (
    <Card title="The exit rate, computed again">
      <dl className={styles.lines}>
        {linesOf(rate, symbol).map(({ name, formula, numbers, result }) => (
          <div key={name} className={styles.line}>
            <dt>{name}</dt>
            <dd>
              <span className={styles.formula}>= {formula}</span>
              <span className={styles.numbers}>= {numbers}</span>
              <strong>= {result}</strong>
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        Rounded down to a lamport, as the program does. Gain that is not released yet counts little
        by little; the rate on the other pages goes on rising while you read this.
        {state &&
          rate.pendingFees > 0n &&
          ' Fees of this epoch join the gain at the next finalize.'}
      </p>
    </Card>
  );
}

function linesOf(rate: RateParts, symbol: string): Line[] {
  const f = (value: bigint) => formatExact(value);
  return [
    {
      name: 'Assets',
      formula: 'liquid + staked',
      numbers: `${f(rate.reserve)} + ${f(rate.staked)}`,
      result: `${f(rate.assets)} SOL`,
    },
    {
      name: 'Hidden gain',
      formula: 'unreleased gain + booked gain − booked loss, at least 0',
      numbers: `${f(rate.unreleased)} + ${f(rate.pendingGain)} − ${f(rate.pendingLoss)}`,
      result: `${f(rate.hidden)} SOL`,
    },
    {
      name: 'Net value',
      formula: 'assets − fees of this epoch − hidden gain',
      numbers: `${f(rate.assets)} − ${f(rate.pendingFees)} − ${f(rate.hidden)}`,
      result: `${f(rate.nav)} SOL`,
    },
    {
      name: 'Exit rate',
      formula: 'net value ÷ shares',
      numbers: `${f(rate.nav)} ÷ ${f(rate.shares)}`,
      result: rate.exitRate === null ? 'none' : `${f(rate.exitRate)} SOL for 1 ${symbol}`,
    },
  ];
}
