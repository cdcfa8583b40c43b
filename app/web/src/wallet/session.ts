import type { Wallet, WalletAccount } from '@wallet-standard/base';
import { isRejection } from './signing.js';
import {
  connect,
  disconnect,
  NoAccountError,
  onAccount,
  onWallets,
  usableWallets,
  type ChainId,
} from './standard.js';

/** Where a session stands. */
export interface SessionState {
  status: 'disconnected' | 'connecting' | 'connected';
  wallets: readonly Wallet[];
  wallet: Wallet | null;
  account: WalletAccount | null;
  error: string | null;
}

/** Remembers the wallet that was connected last. */
export interface LastWallet {
  get(): string | null;
  set(name: string | null): void;
}

/** Why connecting failed, in words. */
export function whyNotConnected(wallet: Wallet, error: unknown): string {
  if (isRejection(error)) return `${wallet.name} was not allowed to connect.`;
  if (error instanceof NoAccountError) {
    return `${wallet.name} has no account for this network. Change its network and try again.`;
  }
  return `${wallet.name} could not connect: ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * The connection to a wallet, outside of React: finds wallets, connects and disconnects, follows
 * changes of the account, and reconnects the last wallet silently, also when it registers late.
 */
export class WalletSession {
  #state: SessionState;
  #listeners = new Set<() => void>();
  #stopAccount: () => void = () => undefined;
  #stopWallets: () => void = () => undefined;
  /** Counts connections, so that a slow answer to an old question is dropped. */
  #attempt = 0;
  /** The last wallet is tried once. */
  #isResumed = false;

  constructor(
    readonly chain: ChainId,
    private readonly last: LastWallet,
  ) {
    this.#state = {
      status: 'disconnected',
      wallets: [],
      wallet: null,
      account: null,
      error: null,
    };
  }

  readonly state = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stopWallets();
    };
  };

  /** Connects; a failure ends in `state().error`. */
  async connect(wallet: Wallet, isSilent = false): Promise<void> {
    const attempt = ++this.#attempt;
    // What the last wallet says from now on is not about this one.
    this.#stopAccount();
    this.#set({ status: 'connecting', wallet, account: null, error: null });
    try {
      const account = await connect(wallet, this.chain, isSilent);
      if (attempt !== this.#attempt) return;
      this.#follow(wallet);
      this.last.set(wallet.name);
      this.#set({ status: 'connected', account });
    } catch (error) {
      if (attempt !== this.#attempt) return;
      const words = isSilent ? null : whyNotConnected(wallet, error);
      this.#set({ status: 'disconnected', wallet: null, account: null, error: words });
    }
  }

  /** Disconnects and forgets the wallet. */
  async disconnect(): Promise<void> {
    const { wallet } = this.#state;
    this.#leave();
    this.last.set(null);
    if (wallet) await disconnect(wallet);
  }

  #start(): void {
    const refresh = () => {
      this.#set({ wallets: usableWallets(this.chain) });
      this.#resume();
    };
    this.#stopWallets = onWallets(refresh);
    refresh();
  }

  #resume(): void {
    const name = this.last.get();
    const wallet = this.#state.wallets.find((one) => one.name === name);
    if (this.#isResumed || !wallet || this.#state.status !== 'disconnected') return;
    this.#isResumed = true;
    void this.connect(wallet, true);
  }

  #follow(wallet: Wallet): void {
    this.#stopAccount();
    this.#stopAccount = onAccount(wallet, this.chain, (account) => {
      if (account) this.#set({ account });
      else this.#leave();
    });
  }

  #leave(): void {
    this.#attempt += 1;
    this.#stopAccount();
    this.#set({ status: 'disconnected', wallet: null, account: null, error: null });
  }

  #set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
