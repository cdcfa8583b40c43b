import type { EpochRate } from '@thaw/client';
import { lazy, Suspense, useState } from 'react';
import { Button, Card, Skeleton } from '../../ui/index.js';
import { describe, type Metric } from './chartPoints.js';
import { Choice } from './Choice.js';
import { RateTable } from './RateTable.js';
import styles from './RateHistory.module.css';

const RateChart = lazy(() => import('./RateChart.js'));

export interface RateHistoryProps {
  /** Oldest first; `undefined` while the pool loads. */
  rates: readonly EpochRate[] | undefined;
}

const METRICS = [
  { value: 'rate', label: 'Rate' },
  { value: 'apy', label: 'APY' },
] as const;

/** The rate over epochs, from the pool's own record of the last 64, as a chart or a table. */
export function RateHistory({ rates }: RateHistoryProps) {
  const [metric, setMetric] = useState<Metric>('rate');
  const [isTable, setIsTable] = useState(false);
  return (
    <Card
      title="Rate over epochs"
      aside={
        <div className={styles.controls}>
          <Choice label="Show" options={METRICS} value={metric} onChange={setMetric} />
          <Button size="small" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
            {isTable ? 'Show as a chart' : 'Show as a table'}
          </Button>
        </div>
      }
    >
      {isTable ? (
        <RateTable rates={rates} />
      ) : (
        <figure className={styles.figure}>
          <div className={styles.chart}>
            {rates === undefined ? (
              <Skeleton height="100%" />
            ) : rates.length < 2 ? (
              <p className={styles.none}>
                A line needs two finalized epochs; there{' '}
                {rates.length === 1 ? 'is one' : 'are none'} so far.
              </p>
            ) : (
              <Suspense fallback={<Skeleton height="100%" />}>
                <RateChart rates={rates} metric={metric} />
              </Suspense>
            )}
          </div>
          <figcaption className={styles.caption}>
            {metric === 'rate'
              ? 'SOL per share at each finalize, all gain included. The exit rate follows it with a delay, since gains are released over a day.'
              : 'What each epoch’s growth would be over a year, compounded.'}
            <span className="visually-hidden"> {rates ? describe(rates, metric) : ''}</span>
          </figcaption>
        </figure>
      )}
    </Card>
  );
}
