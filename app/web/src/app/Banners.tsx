import { poolStatus } from '@thaw/client';
import { useEpoch, useNow, usePoolState } from '../chain/index.js';
import styles from './Banners.module.css';
import { ClusterBanner } from './ClusterBanner.js';
import { PoolBanners } from './PoolBanners.js';
import { ServerBanner } from './ServerBanner.js';

/** What holders must know whatever page they are on; nothing where all is well. */
export function Banners() {
  const { data } = usePoolState();
  const now = useNow();
  const epoch = useEpoch();
  return (
    <div className={styles.banners}>
      <ClusterBanner />
      <ServerBanner />
      {data && epoch && now !== undefined && (
        <PoolBanners status={poolStatus(data, now)} epoch={epoch} now={now} />
      )}
    </div>
  );
}
