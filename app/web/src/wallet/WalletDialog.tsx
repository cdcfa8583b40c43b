import { useEffect } from 'react';
import { Button, Dialog, Notice, SpinnerIcon } from '../ui/index.js';
import { useWallet } from './context.js';
import { NoWallet } from './NoWallet.js';
import styles from './WalletDialog.module.css';

export interface WalletDialogProps {
  isOpen: boolean;
  onClose: () => void;
}

/** The wallets to choose from; closes when one is connected. */
export function WalletDialog({ isOpen, onClose }: WalletDialogProps) {
  const { status, wallets, wallet, error, connect } = useWallet();
  useEffect(() => {
    if (isOpen && status === 'connected') onClose();
  }, [isOpen, status, onClose]);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Connect a wallet">
      {error !== null && <Notice kind="error">{error}</Notice>}
      {wallets.length === 0 ? (
        <NoWallet />
      ) : (
        <>
          <ul className={styles.list}>
            {wallets.map((one) => {
              const isConnecting = status === 'connecting' && one.name === wallet?.name;
              return (
                <li key={one.name}>
                  <Button
                    isWide
                    size="large"
                    disabled={isConnecting}
                    onClick={() => void connect(one)}
                    icon={<img src={one.icon} alt="" width={28} height={28} />}
                    className={styles.wallet}
                  >
                    <span className={styles.name}>{one.name}</span>
                    {isConnecting && <SpinnerIcon label="waiting for the wallet" />}
                  </Button>
                </li>
              );
            })}
          </ul>
          <p className={styles.note} role="status">
            {status === 'connecting'
              ? 'Allow the connection in your wallet.'
              : 'Thaw sees your address and asks before anything is signed. It never asks for a seed phrase.'}
          </p>
        </>
      )}
    </Dialog>
  );
}
