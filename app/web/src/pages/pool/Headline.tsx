import type { PoolState } from '@thaw/client';
import { formatPpb } from '../../format/index.js';
import { useChain } from '../../chain/index.js';
import { Amount, Card, Stat, StatRow } from '../../ui/index.js';
import type { Figures } from './figures.js';
import styles from './Headline.module.css';

export interface HeadlineProps {
  state: PoolState | undefined;
  figures: Figures | undefined;
}

/** What the pool is worth, and what a share costs and pays. */
export function Headline({ state, figures }: HeadlineProps) {
  const { symbol } = useChain().site;
  const price = (lamports: bigint | null) =>
    lamports === null ? 'none' : <Amount value={lamports} unit="SOL" places={9} />;
  return (
    <Card title="Value">
      <StatRow>
        <Stat
          label="Total value"
          value={figures && <Amount value={figures.nav} unit="SOL" places={2} />}
          note={
            <>
              and <Amount value={figures ? figures.assets - figures.nav : 0n} /> not released yet
            </>
          }
          help="Net asset value: the SOL that stands behind the exit rate. Gain that is earned but not released yet, and fees of this epoch, are not in it."
        />
        <Stat
          label="Exit rate"
          value={figures && price(figures.exitRate)}
          note={`for 1 ${symbol} that leaves`}
          help="Total value divided by all shares. What a ticket is worth now; other exits take their fee off this."
        />
        <Stat
          label="Entry rate"
          value={figures && price(figures.entryRate)}
          note={`for 1 ${symbol} that comes in`}
          help="The exit rate and, on top, the gain that is earned but not released yet: at least one epoch’s."
        />
        <Stat
          label="Shares"
          value={state && <Amount value={state.pool.shares} places={2} />}
          note={symbol}
          help="By the pool’s own count. Burning tokens elsewhere does not change it, so nobody can move the rate that way."
        />
      </StatRow>
      <details className={styles.why}>
        <summary>
          Why entering costs{' '}
          {figures?.spreadPpb == null ? 'more' : `${formatPpb(figures.spreadPpb, 4)} more`} than
          leaving pays
        </summary>
        <p>
          SOL that comes in earns nothing before the next epoch, while the pool’s gain of the last
          days is still being released, second by second. If newcomers paid the exit rate, they
          would get a part of what others’ stake earned. So they pay for it: about one day’s yield,
          back in about a day. What they pay goes to the holders. It is no fee, and it makes
          deposits safe at any moment of an epoch.
        </p>
      </details>
    </Card>
  );
}
