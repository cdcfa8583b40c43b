import { getWallets } from '@wallet-standard/app';
import type { Wallet, WalletAccount } from '@wallet-standard/base';
import {
  StandardConnect,
  StandardDisconnect,
  StandardEvents,
  type StandardConnectFeature,
  type StandardDisconnectFeature,
  type StandardEventsFeature,
} from '@wallet-standard/features';
import {
  SolanaSignAndSendTransaction,
  SolanaSignTransaction,
  type SolanaSignAndSendTransactionFeature,
  type SolanaSignTransactionFeature,
} from '@solana/wallet-standard-features';
import type { Cluster } from '../chain/site.js';

/** A chain by its wallet-standard name. */
export type ChainId = `solana:${string}`;

type Features = Partial<
  StandardConnectFeature &
    StandardDisconnectFeature &
    StandardEventsFeature &
    SolanaSignTransactionFeature &
    SolanaSignAndSendTransactionFeature
>;

/** The features of a wallet that matter here. */
export const featuresOf = (wallet: Wallet): Features => wallet.features as Features;

/** Wallets list no local network, so it goes by the name of devnet. */
export function chainIdOf(cluster: Cluster): ChainId {
  if (cluster === 'mainnet-beta') return 'solana:mainnet';
  return cluster === 'testnet' ? 'solana:testnet' : 'solana:devnet';
}

/** True for a wallet that connects and signs transactions of the chain. */
export function isUsable(wallet: Wallet, chain: ChainId): boolean {
  const { features } = wallet;
  const signs = SolanaSignTransaction in features || SolanaSignAndSendTransaction in features;
  return StandardConnect in features && signs && wallet.chains.includes(chain);
}

/** The wallets that are installed and usable; one that registers twice counts once. */
export function usableWallets(chain: ChainId): Wallet[] {
  const usable = getWallets()
    .get()
    .filter((wallet) => isUsable(wallet, chain));
  return usable.filter(
    (wallet, place) => usable.findIndex(({ name }) => name === wallet.name) === place,
  );
}

/** Tells when a wallet comes or goes; returns what stops it. */
export function onWallets(listener: () => void): () => void {
  const wallets = getWallets();
  const off = [wallets.on('register', listener), wallets.on('unregister', listener)];
  return () => off.forEach((stop) => stop());
}

/** The account to use: of the chain, or the first one where the wallet names no chains. */
function accountOf(accounts: readonly WalletAccount[], chain: ChainId): WalletAccount | null {
  return accounts.find((account) => account.chains.includes(chain)) ?? null;
}

/** The wallet connected, but gave no account of the chain. */
export class NoAccountError extends Error {
  override readonly name = 'NoAccountError';
}

/**
 * Connects a wallet. `isSilent`: only where the user allowed it before, without asking.
 * @throws {NoAccountError}; whatever the wallet throws, also on rejection.
 */
export async function connect(
  wallet: Wallet,
  chain: ChainId,
  isSilent = false,
): Promise<WalletAccount> {
  const feature = featuresOf(wallet)[StandardConnect];
  if (!feature) throw new NoAccountError(`${wallet.name} cannot connect`);
  const { accounts } = await feature.connect(isSilent ? { silent: true } : undefined);
  const account = accountOf(accounts.length > 0 ? accounts : wallet.accounts, chain);
  if (!account) throw new NoAccountError(`${wallet.name} gave no account for ${chain}`);
  return account;
}

/** Disconnects a wallet that can. Failing to is no matter: the app forgets it either way. */
export async function disconnect(wallet: Wallet): Promise<void> {
  try {
    await featuresOf(wallet)[StandardDisconnect]?.disconnect();
  } catch {
    // See above.
  }
}

/** Tells the account in use after each change: another one, or `null`. Returns what stops it. */
export function onAccount(
  wallet: Wallet,
  chain: ChainId,
  listener: (account: WalletAccount | null) => void,
): () => void {
  const feature = featuresOf(wallet)[StandardEvents];
  if (!feature) return () => undefined;
  return feature.on('change', ({ accounts }) => {
    if (accounts) listener(accountOf(accounts, chain));
  });
}
