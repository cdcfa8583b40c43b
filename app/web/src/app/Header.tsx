import { useState } from 'react';
import { Link } from 'wouter';
import { CLUSTER_NAMES, useChain } from '../chain/index.js';
import { Badge, BrandIcon, Button, SettingsIcon } from '../ui/index.js';
import { EpochMeter } from './EpochMeter.js';
import styles from './Header.module.css';
import { Menu } from './Menu.js';
import { SettingsDialog } from './SettingsDialog.js';
import { WalletButton } from './WalletButton.js';

/** The bar on top: where one is, which cluster, how far the epoch is, the wallet. */
export function Header() {
  const { site } = useChain();
  const [isSetting, setIsSetting] = useState(false);
  const isMainnet = site.cluster === 'mainnet-beta';
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Link to="/stake" className={styles.brand} aria-label="Thaw, start page">
          <BrandIcon />
          <span className={styles.name}>Thaw</span>
        </Link>
        <Menu />
        <div className={styles.tools}>
          <div className={styles.epoch}>
            <EpochMeter />
          </div>
          <span className={styles.cluster}>
            <Badge kind={isMainnet ? 'good' : 'warn'}>{CLUSTER_NAMES[site.cluster]}</Badge>
          </span>
          <Button
            kind="quiet"
            size="small"
            aria-label="Settings"
            title="Settings"
            onClick={() => setIsSetting(true)}
            icon={<SettingsIcon />}
          />
          <WalletButton />
        </div>
      </div>
      <SettingsDialog isOpen={isSetting} onClose={() => setIsSetting(false)} />
    </header>
  );
}
