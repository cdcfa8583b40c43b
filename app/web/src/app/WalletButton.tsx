import { useState } from 'react';
import { useWallet } from '../wallet/index.js';
import { shortAddress } from '../format/index.js';
import { Button, WalletIcon } from '../ui/index.js';
import { AccountDialog } from './AccountDialog.js';
import styles from './WalletButton.module.css';

/** Connects a wallet, or shows the one that is connected: one button, so that it keeps its focus. */
export function WalletButton() {
  const { status, address, wallet, choose } = useWallet();
  const [isShown, setIsShown] = useState(false);
  const short = status === 'connected' && address ? shortAddress(address) : null;
  return (
    <>
      <Button
        kind="secondary"
        size="small"
        isBusy={status === 'connecting'}
        aria-label={short === null ? undefined : `Wallet ${short}`}
        icon={
          short === null ? <WalletIcon /> : <img src={wallet?.icon} alt="" width={18} height={18} />
        }
        onClick={() => (short === null ? choose() : setIsShown(true))}
        className={styles.button}
      >
        {short ?? (status === 'connecting' ? 'Connecting' : 'Connect wallet')}
      </Button>
      <AccountDialog isOpen={isShown && short !== null} onClose={() => setIsShown(false)} />
    </>
  );
}
