import { rates, recentApyPpb } from '@thaw/client';
import { useChain, usePoolNow } from '../../chain/index.js';
import { formatBps, formatPpb } from '../../format/index.js';
import {
  BoltIcon,
  Card,
  ClockIcon,
  DefinitionList,
  Skeleton,
  StackIcon,
  Tooltip,
} from '../../ui/index.js';
import { ShareRate } from './ShareRate.js';
import styles from './stake.module.css';

/** Epochs over which the APY is taken. */
export const APY_EPOCHS = 10;

/** What a holder gets, what it costs and how to leave, at a glance. */
export function Offer() {
  const { site } = useChain();
  const at = usePoolNow();
  const apy = at && recentApyPpb(at.state.pool, APY_EPOCHS);
  const known = at ? Math.min(APY_EPOCHS, Math.max(0, rates(at.state.pool).length - 1)) : 0;
  const config = at?.state.pool.config;
  return (
    <Card title="What you get">
      <div className={styles.stack}>
        <div>
          <p className={styles.apy}>
            {at === undefined ? (
              <Skeleton width="4ch" />
            ) : apy === null || apy === undefined ? (
              '–'
            ) : (
              formatPpb(apy)
            )}
          </p>
          <p>
            a year, after fees{' '}
            <Tooltip
              label="About the yearly yield"
              content={`The growth of the rate over the last ${known} epochs, compounded for a year (APY). What was earned before promises nothing.`}
            />
          </p>
        </div>
        <ul className={styles.points}>
          <li className={styles.point}>
            <StackIcon />
            <span>
              You hold {site.symbol}: a token you can send, lend or sell. It earns in your wallet.
            </span>
          </li>
          <li className={styles.point}>
            <BoltIcon />
            <span>Leave at once from the liquid reserve, for a small fee.</span>
          </li>
          <li className={styles.point}>
            <ClockIcon />
            <span>
              Or leave for free by a ticket, paid after the epoch ends. Nobody can close that way.
            </span>
          </li>
        </ul>
        <DefinitionList
          label="Rate and fees"
          items={[
            { term: 'Rate', value: at && <ShareRate at={at} /> },
            { term: 'Fee on rewards', value: config && formatBps(config.rewardFeeBps) },
            { term: 'Deposit fee', value: config && formatBps(config.depositFeeBps) },
          ]}
        />
      </div>
    </Card>
  );
}
