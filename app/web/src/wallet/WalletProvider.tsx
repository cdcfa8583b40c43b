import { address } from '@solana/kit';
import { useCallback, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { changeSettings, settings } from '../chain/settings.js';
import type { Cluster } from '../chain/site.js';
import { WalletContext, type WalletState } from './context.js';
import { WalletDialog } from './WalletDialog.js';
import { WalletSession } from './session.js';
import { signerOf } from './signing.js';
import { chainIdOf } from './standard.js';

const last = {
  get: () => settings().wallet,
  set: (wallet: string | null) => changeSettings({ wallet }),
};

export interface WalletProviderProps {
  cluster: Cluster;
  children: ReactNode;
}

/** Gives the pages the wallet, and shows the dialog to choose one. */
export function WalletProvider({ cluster, children }: WalletProviderProps) {
  const session = useMemo(() => new WalletSession(chainIdOf(cluster), last), [cluster]);
  const { status, wallets, wallet, account, error } = useSyncExternalStore(
    session.subscribe,
    session.state,
  );
  const [isChoosing, setIsChoosing] = useState(false);
  const choose = useCallback(() => setIsChoosing(true), []);
  const state = useMemo<WalletState>(
    () => ({
      status,
      wallets,
      wallet,
      address: account ? address(account.address) : null,
      signer: wallet && account ? signerOf(wallet, account, session.chain) : null,
      error,
      connect: (one) => session.connect(one),
      disconnect: () => session.disconnect(),
      choose,
    }),
    [session, status, wallets, wallet, account, error, choose],
  );
  return (
    <WalletContext value={state}>
      {children}
      <WalletDialog isOpen={isChoosing} onClose={() => setIsChoosing(false)} />
    </WalletContext>
  );
}
