import { useState } from 'react';
import { useWallet } from '../wallet/index.js';
import { shortAddress } from '../format/index.js';
import { Button, WalletIcon } from '../ui/index.js';
import { AccountDialog } from './AccountDialog.js';
import styles from './WalletButton.module.css';

/** Connects a wallet, or shows the one that is connected. */
export function WalletButton() {
  const { status, address, wallet, choose } = useWallet();
  const [isShown, setIsShown] = useState(false);
  if (status !== 'connected' || !address) {
    return (
      <Button
        kind="secondary"
        size="small"
        isBusy={status === 'connecting'}
        icon={<WalletIcon />}
        onClick={choose}
        className={styles.button}
      >
        {status === 'connecting' ? 'Connecting' : 'Connect wallet'}
      </Button>
    );
  }
  return (
    <>
      <Button
        kind="secondary"
        size="small"
        aria-label={`Wallet ${shortAddress(address)}`}
        icon={<img src={wallet?.icon} alt="" width={18} height={18} />}
        onClick={() => setIsShown(true)}
        className={styles.button}
      >
        {shortAddress(address)}
      </Button>
      <AccountDialog isOpen={isShown} onClose={() => setIsShown(false)} />
    </>
  );
}
