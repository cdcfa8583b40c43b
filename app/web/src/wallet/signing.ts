import type { Wallet, WalletAccount } from '@wallet-standard/base';
import {
  SolanaSignAndSendTransaction,
  SolanaSignTransaction,
  type SolanaTransactionVersion,
} from '@solana/wallet-standard-features';
import { featuresOf, type ChainId } from './standard.js';

/** Signs for the connected account. */
export interface WalletSigner {
  /** The formats of transactions that the wallet takes. */
  readonly versions: readonly SolanaTransactionVersion[];
  /**
   * Signs by one approval and returns the whole transactions, which the wallet may have changed;
   * `null` where the wallet only signs and sends in one go.
   * @throws {RejectedError} where the user says no; whatever the wallet throws, also where it takes
   * only one at once.
   */
  readonly sign: ((transactions: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>) | null;
  /** Signs and sends; returns the signature's bytes. `null` where the wallet cannot. */
  readonly signAndSend: ((transaction: Uint8Array) => Promise<Uint8Array>) | null;
}

/** The user said no. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';
}

/** The wallet was to sign and send, and did not say whether it has. */
export class MaybeSentError extends Error {
  override readonly name = 'MaybeSentError';
}

/** What wallets answer when the user says no: EIP-1193's code, a name, or words. */
const REJECTED_CODE = 4001;
const REJECTED_WORDS = /reject|declin|denied|cancel|user closed|not approved/i;

/** True where an error, or one that caused it, says that the user said no. */
export function isRejection(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Object && !seen.has(at); at = Reflect.get(at, 'cause')) {
    seen.add(at);
    const code: unknown = Reflect.get(at, 'code');
    const text = `${String(Reflect.get(at, 'name') ?? '')} ${String(Reflect.get(at, 'message') ?? '')}`;
    if (at instanceof RejectedError || code === REJECTED_CODE || REJECTED_WORDS.test(text)) {
      return true;
    }
  }
  return false;
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (isRejection(cause)) throw new RejectedError('The wallet rejected it.', { cause });
    throw cause;
  }
}

/**
 * The same where the wallet sends as well: words of its server, such as `rejected by the node`, say
 * nothing of its user, and whatever else is thrown may come after it was sent.
 */
async function askedToSend<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const code: unknown = cause instanceof Object ? Reflect.get(cause, 'code') : undefined;
    const isNo = code === REJECTED_CODE || cause instanceof RejectedError;
    if (isNo) throw new RejectedError('The wallet rejected it.', { cause });
    throw new MaybeSentError('The wallet did not say whether it was sent.', { cause });
  }
}

/** The signer of a connected account. */
export function signerOf(wallet: Wallet, account: WalletAccount, chain: ChainId): WalletSigner {
  const features = featuresOf(wallet);
  const signing = features[SolanaSignTransaction];
  const sending = features[SolanaSignAndSendTransaction];
  const may = (feature: `${string}:${string}`) => account.features.includes(feature);
  return {
    versions: (signing ?? sending)?.supportedTransactionVersions ?? ['legacy'],
    sign:
      signing && may(SolanaSignTransaction)
        ? (transactions) =>
            asked(async () => {
              const inputs = transactions.map((transaction) => ({ account, transaction, chain }));
              const outputs = await signing.signTransaction(...inputs);
              if (outputs.length !== inputs.length) {
                throw new Error('the wallet did not return every transaction');
              }
              return outputs.map(({ signedTransaction }) => signedTransaction);
            })
        : null,
    signAndSend:
      sending && may(SolanaSignAndSendTransaction)
        ? (transaction) =>
            askedToSend(async () => {
              const input = { account, transaction, chain };
              const [output] = await sending.signAndSendTransaction(input);
              if (!output) throw new Error('the wallet returned nothing');
              return output.signature;
            })
        : null,
  };
}
