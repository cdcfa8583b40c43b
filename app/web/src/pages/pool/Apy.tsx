import { recentApyPpb, type EpochRate, type PoolState } from '@thaw/client';
import { useState } from 'react';
import { formatPpb, formatTime } from '../../format/index.js';
import { Card, DefinitionList, Skeleton } from '../../ui/index.js';
import { Choice } from './Choice.js';
import styles from './Apy.module.css';

export interface ApyProps {
  state: PoolState | undefined;
  /** Oldest first. */
  rates: readonly EpochRate[] | undefined;
}

const WINDOWS = [
  { value: '1', label: '1 epoch' },
  { value: '7', label: '7 epochs' },
  { value: '30', label: '30 epochs' },
] as const;

/** The yearly yield, with how it is computed and over which epochs. */
export function Apy({ state, rates }: ApyProps) {
  const [epochs, setEpochs] = useState<(typeof WINDOWS)[number]['value']>('7');
  const apy = state && recentApyPpb(state.pool, Number(epochs));
  const from = rates?.at(Math.max(0, rates.length - 1 - Number(epochs)));
  const to = rates?.at(-1);
  return (
    <Card
      title="APY"
      aside={<Choice label="Over the last" options={WINDOWS} value={epochs} onChange={setEpochs} />}
    >
      <p className={styles.figure} aria-live="polite">
        {apy === undefined ? <Skeleton width="6ch" /> : apy === null ? '–' : formatPpb(apy)}
      </p>
      <p className={styles.method}>
        {rates === undefined ? (
          <Skeleton height="3lh" />
        ) : apy == null || !from || !to ? (
          rates.length < 2 ? (
            'Not known yet: it takes two finalized epochs.'
          ) : (
            'Not told: the growth of these epochs, carried on for a year, would be absurd.'
          )
        ) : (
          <>
            How the rate grew from epoch {from.epoch.toString()} ({formatTime(from.unixTime)}) to{' '}
            {to.epoch.toString()}, carried on for a year of 365.25 days, compounded. After the fee
            on rewards. The past says little about the future.
          </>
        )}
      </p>
      <DefinitionList
        items={[
          { term: 'Growth in the last epoch', value: rates && growthText(rates, 1) },
          { term: 'Over these epochs', value: rates && growthText(rates, Number(epochs)) },
          { term: 'Finalized epochs on record', value: rates && `${rates.length} of 64` },
        ]}
      />
    </Card>
  );
}

/** By how much the rate grew over the last `epochs` epochs, or as many as there are. */
function growthText(rates: readonly EpochRate[], epochs: number): string {
  const [from, to] = [rates.at(Math.max(0, rates.length - 1 - epochs)), rates.at(-1)];
  if (!from || !to || from === to || from.rateLamports === 0n) return '–';
  return formatPpb(((to.rateLamports - from.rateLamports) * 1_000_000_000n) / from.rateLamports, 4);
}
