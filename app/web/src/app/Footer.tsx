import { CLUSTER_NAMES, useChain } from '../chain/index.js';
import { CopyableAddress } from '../ui/index.js';
import { Link } from 'wouter';
import { EpochMeter } from './EpochMeter.js';
import styles from './Footer.module.css';

/** What every page ends with. */
export function Footer() {
  const { site, addresses } = useChain();
  return (
    <footer className={styles.footer}>
      <p>
        Everything here is read from the chain by your browser. Staking has{' '}
        <Link to="/risks">risks</Link>, and you can <Link to="/verify">check the rate</Link>{' '}
        yourself.
      </p>
      <div className={styles.phone}>
        {CLUSTER_NAMES[site.cluster]}
        <div className={styles.epoch}>
          <EpochMeter />
        </div>
      </div>
      <p className={styles.addresses}>
        <span>
          {site.symbol} <CopyableAddress address={site.mint} label="share mint" />
        </span>
        <span>
          Pool <CopyableAddress address={addresses.pool} label="pool" />
        </span>
      </p>
    </footer>
  );
}
