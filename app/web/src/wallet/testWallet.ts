import {
  generateKeyPair,
  getAddressFromPublicKey,
  getAddressEncoder,
  getTransactionDecoder,
  getTransactionEncoder,
  partiallySignTransaction,
  type Transaction,
} from '@solana/kit';
import type { IdentifierString, Wallet, WalletAccount } from '@wallet-standard/base';

/** What a test can change about a wallet. */
export interface Mood {
  /** The next request is rejected. */
  rejects?: boolean;
  /** How often the wallet asked its user to sign. */
  approvals?: number;
  /** Throws this instead of answering. */
  throws?: unknown;
  /** What the wallet does with a transaction before it signs. */
  changes?: (transaction: Transaction) => Transaction;
  /** Signs no more than one at once. */
  isSingle?: boolean;
  /** Connects only to who was let in before. */
  isStrange?: boolean;
}

/** A wallet for tests, which really signs. */
export interface TestWallet {
  wallet: Wallet;
  account: WalletAccount;
  mood: Mood;
  /** Tells the app which accounts there are now. */
  change: (accounts: readonly WalletAccount[]) => void;
}

/** Makes a wallet with a key of its own. `features`: how it signs. */
export async function testWallet(
  name: string,
  features: readonly IdentifierString[] = ['solana:signTransaction'],
  chains: readonly IdentifierString[] = ['solana:mainnet', 'solana:devnet'],
): Promise<TestWallet> {
  const keys = await generateKeyPair();
  const address = await getAddressFromPublicKey(keys.publicKey);
  const mood: Mood = {};
  const listeners = new Set<(change: { accounts: readonly WalletAccount[] }) => void>();
  const account: WalletAccount = {
    address,
    publicKey: new Uint8Array(getAddressEncoder().encode(address)),
    chains,
    features,
  };
  const asked = () => {
    if (mood.throws !== undefined) throw mood.throws;
    if (mood.rejects) throw Object.assign(new Error('User rejected the request.'), { code: 4001 });
  };
  const sign = async (bytes: Uint8Array) => {
    asked();
    const decoded = getTransactionDecoder().decode(bytes);
    return partiallySignTransaction([keys], mood.changes?.(decoded) ?? decoded);
  };
  const version = '1.0.0';
  const supportedTransactionVersions = ['legacy', 0];
  const all: Record<string, unknown> = {
    'solana:signTransaction': {
      version,
      supportedTransactionVersions,
      signTransaction: async (...inputs: { transaction: Uint8Array }[]) => {
        mood.approvals = (mood.approvals ?? 0) + 1;
        if (mood.isSingle && inputs.length > 1) throw new Error('one at a time');
        return Promise.all(
          inputs.map(async ({ transaction }) => ({
            signedTransaction: new Uint8Array(
              getTransactionEncoder().encode(await sign(transaction)),
            ),
          })),
        );
      },
    },
    'solana:signAndSendTransaction': {
      version,
      supportedTransactionVersions,
      signAndSendTransaction: async ({ transaction }: { transaction: Uint8Array }) => [
        { signature: Object.values((await sign(transaction)).signatures)[0] },
      ],
    },
  };
  const wallet: Wallet = {
    version,
    name,
    icon: 'data:image/png;base64,',
    chains,
    accounts: [],
    features: {
      'standard:connect': {
        version,
        connect: async (input?: { silent?: boolean }) => {
          asked();
          return { accounts: input?.silent && mood.isStrange ? [] : [account] };
        },
      },
      'standard:disconnect': { version, disconnect: async () => undefined },
      'standard:events': {
        version,
        on: (_: string, listener: (change: { accounts: readonly WalletAccount[] }) => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      ...Object.fromEntries(features.map((feature) => [feature, all[feature]])),
    },
  };
  const change = (accounts: readonly WalletAccount[]) =>
    listeners.forEach((listener) => listener({ accounts }));
  return { wallet, account, mood, change };
}
