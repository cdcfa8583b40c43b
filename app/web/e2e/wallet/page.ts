/** What the wallet in the page is made of. */
export interface PageWalletOptions {
  /** What the app lists it as. */
  readonly name: string;
  /** Private keys in PKCS #8, one for each account; base 64. */
  readonly privateKeys: readonly string[];
  /** The accounts: address in base 58, public key in base 64. */
  readonly accounts: readonly { readonly address: string; readonly publicKey: string }[];
}

/** The switches of the wallet, which tests turn from outside. */
export interface PageWalletSwitches {
  /** How many of the next requests to sign the user turns down. */
  rejections: number;
  /** How long the user thinks before signing, milliseconds. */
  delayMs: number;
  /** How many transactions and messages were signed. */
  signed: number;
  /** The user takes another account, or none. */
  use(account: number | null): void;
}

declare global {
  interface Window {
    thawTestWallet?: PageWalletSwitches;
  }
}

/**
 * Registers a wallet with the wallet-standard and lets it sign for real. It runs in the page
 * before the page's own scripts, so it uses nothing from outside its body.
 */
export function installWallet(options: PageWalletOptions): void {
  // An empty page between two others has no keys and no storage.
  if (!window.isSecureContext) return;
  const trust = 'thaw-test-wallet-trusts-this-site';
  const features = ['solana:signTransaction', 'solana:signMessage'] as const;
  const icon =
    'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCAyNCI+PHJlY3Qgd2lkdGg9IjI0IiBoZWlnaHQ9IjI0IiByeD0iNiIgZmlsbD0iIzQ2NGFjNCIvPjxyZWN0IHg9IjUiIHk9IjgiIHdpZHRoPSIxNCIgaGVpZ2h0PSI5IiByeD0iMiIgZmlsbD0iI2ZmZiIvPjxjaXJjbGUgY3g9IjE1LjUiIGN5PSIxMi41IiByPSIxLjUiIGZpbGw9IiM0NjRhYzQiLz48L3N2Zz4=';
  const bytes = (base64: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const known = options.accounts.map(({ address, publicKey }) => ({
    address,
    publicKey: bytes(publicKey),
    // Wallets do not list local networks: the app must make do with devnet.
    chains: ['solana:mainnet', 'solana:devnet'] as const,
    features,
  }));
  type Account = (typeof known)[number];
  const keys = options.privateKeys.map((key) =>
    crypto.subtle.importKey('pkcs8', bytes(key), 'Ed25519', false, ['sign']),
  );
  const listeners = new Set<(change: { accounts: readonly Account[] }) => void>();
  let accounts: readonly Account[] = [];

  const share = (next: readonly Account[]): void => {
    accounts = next;
    for (const listener of listeners) listener({ accounts });
  };
  const switches: PageWalletSwitches = {
    rejections: 0,
    delayMs: 0,
    signed: 0,
    use: (account) => share(account === null ? [] : known.slice(account, account + 1)),
  };
  window.thawTestWallet = switches;

  const sign = async (account: Account, message: Uint8Array): Promise<Uint8Array> => {
    await new Promise((resolve) => setTimeout(resolve, switches.delayMs));
    if (switches.rejections > 0) {
      switches.rejections -= 1;
      throw Object.assign(new Error('User rejected the request.'), { code: 4001 });
    }
    const place = accounts.findIndex(({ address }) => address === account.address);
    const key = place < 0 ? undefined : keys[known.findIndex((one) => one === accounts[place])];
    if (key === undefined) throw new Error('The wallet does not share this account.');
    switches.signed += 1;
    return new Uint8Array(await crypto.subtle.sign('Ed25519', await key, message.slice()));
  };

  /** Reads a length of one to three bytes; returns it and where it ends. */
  const compact = (from: Uint8Array, at: number): [number, number] => {
    let [value, end] = [0, at];
    for (let shift = 0; ; shift += 7) {
      const byte = from[end++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return [value, end];
    }
  };
  /** Puts the account's signature into its place in a serialised transaction. */
  const signTransaction = async (account: Account, wire: Uint8Array): Promise<Uint8Array> => {
    const [count, signatures] = compact(wire, 0);
    const message = wire.subarray(signatures + count * 64);
    const first = message[0] ?? 0;
    if (first > 128) throw new Error(`transactions of version ${first - 128} are not supported`);
    const [, keysAt] = compact(message, first === 128 ? 4 : 3);
    const isMine = (place: number): boolean =>
      account.publicKey.every((byte, index) => message[keysAt + place * 32 + index] === byte);
    const place = Array.from({ length: count }, (_, index) => index).find(isMine);
    if (place === undefined) throw new Error('The transaction does not want this signature.');
    const signed = wire.slice();
    signed.set(await sign(account, message), signatures + place * 64);
    return signed;
  };

  const connect = (input?: { silent?: boolean }): Promise<{ accounts: readonly Account[] }> => {
    if (localStorage.getItem(trust) !== null || input?.silent !== true) {
      localStorage.setItem(trust, 'yes');
      if (accounts.length === 0) share(known.slice(0, 1));
    }
    return Promise.resolve({ accounts });
  };
  const wallet = {
    version: '1.0.0',
    name: options.name,
    icon,
    chains: ['solana:mainnet', 'solana:devnet'],
    get accounts() {
      return accounts;
    },
    features: {
      'standard:connect': { version: '1.0.0', connect },
      'standard:disconnect': {
        version: '1.0.0',
        disconnect: (): Promise<void> => {
          localStorage.removeItem(trust);
          share([]);
          return Promise.resolve();
        },
      },
      'standard:events': {
        version: '1.0.0',
        on: (_: 'change', listener: (change: { accounts: readonly Account[] }) => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      'solana:signTransaction': {
        version: '1.0.0',
        supportedTransactionVersions: ['legacy', 0],
        signTransaction: (...inputs: { account: Account; transaction: Uint8Array }[]) =>
          Promise.all(
            inputs.map(async ({ account, transaction }) => ({
              signedTransaction: await signTransaction(account, transaction),
            })),
          ),
      },
      'solana:signMessage': {
        version: '1.1.0',
        signMessage: (...inputs: { account: Account; message: Uint8Array }[]) =>
          Promise.all(
            inputs.map(async ({ account, message }) => ({
              signedMessage: message,
              signature: await sign(account, message),
              signatureType: 'ed25519',
            })),
          ),
      },
    },
  };

  const register = (api: { register(wallet: unknown): void }): void => api.register(wallet);
  // The wallet may come before the app or after it.
  window.addEventListener('wallet-standard:app-ready', (event) => {
    register((event as CustomEvent<{ register(wallet: unknown): void }>).detail);
  });
  window.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: register }));
}
