import type { Address } from '@solana/kit';
import type { Wallet } from '@wallet-standard/base';
import { createContext, useContext } from 'react';
import type { WalletSigner } from './signing.js';

/** What the app knows of wallets. */
export interface WalletState {
  status: 'disconnected' | 'connecting' | 'connected';
  /** Installed wallets that can be used on this cluster. */
  wallets: readonly Wallet[];
  /** The connected wallet, or the one that is being connected. */
  wallet: Wallet | null;
  /** The connected account's address. */
  address: Address | null;
  /** Signs for it. */
  signer: WalletSigner | null;
  /** Why the last try to connect failed, in words. */
  error: string | null;
  /** Asks a wallet to connect. Failures end in `error`. */
  connect: (wallet: Wallet) => Promise<void>;
  disconnect: () => Promise<void>;
  /** Shows the wallets to choose from. */
  choose: () => void;
}

export const WalletContext = createContext<WalletState | null>(null);

/**
 * The wallet.
 * @throws outside of a `WalletProvider`.
 */
export function useWallet(): WalletState {
  const state = useContext(WalletContext);
  if (!state) throw new Error('useWallet is used outside of WalletProvider');
  return state;
}
