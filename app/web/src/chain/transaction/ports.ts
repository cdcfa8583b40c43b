import type { Address, Base64EncodedWireTransaction, Signature } from '@solana/kit';
import { COMMITMENT, NEWEST_TRANSACTION_VERSION } from '@thaw/client';
import { mustBeCluster } from '../cluster.js';
import type { Chain } from '../context.js';
import { deadline } from '../deadline.js';
import type { Stage } from './order.js';
import { prepare, type Prepared } from './prepare.js';

/** What became of a signature. */
export interface Landing {
  /** `null` where it worked. */
  error: unknown;
  /** False while only a minority of the cluster has seen it. */
  isConfirmed: boolean;
}

/** What sending a transaction needs of a server; tests bring their own. */
export interface Ports {
  /** Simulates, and sets budgets and blockhash. Throws `WouldFail`. */
  prepare(owner: Address, plans: Stage): Promise<readonly Prepared[]>;
  send(transaction: Base64EncodedWireTransaction, isFirst: boolean): Promise<void>;
  /** `inLedger` also finds what servers forget after minutes. */
  landing(signature: Signature, inLedger: boolean): Promise<Landing | null>;
  blockHeight(): Promise<bigint>;
  /** The first slot of the server's ledger: of what landed before it, it knows nothing. */
  firstSlot(): Promise<bigint>;
  /** Resolves when the server tells by WebSocket; rejects where it cannot. */
  notification(signature: Signature, signal: AbortSignal): Promise<Landing>;
  logs(signature: Signature): Promise<readonly string[]>;
  sleep(milliseconds: number): Promise<void>;
}

const confirmed = { commitment: COMMITMENT } as const;

/**
 * The ports to the servers in use, which may be others at the next question. Of each it is asked first
 * whether it is of the site's cluster: another one has never seen the transaction, and must not be
 * taken at its word.
 */
export function portsOf(chain: () => Chain): Ports {
  const known = new Set<string>();
  const rpc = async () => {
    const now = chain();
    if (!known.has(now.rpcUrl)) await mustBeCluster(now);
    known.add(now.rpcUrl);
    return now.rpc;
  };
  const within = () => ({ abortSignal: deadline() });
  return {
    prepare: (payer, plans) => prepare(chain(), payer, plans),
    send: async (transaction, isFirst) => {
      const server = await rpc();
      await server
        .sendTransaction(transaction, {
          encoding: 'base64',
          // A second check only makes repeats fail.
          skipPreflight: !isFirst,
          preflightCommitment: COMMITMENT,
          maxRetries: 0n,
        })
        .send(within());
    },
    landing: async (signature, searchTransactionHistory) => {
      const server = await rpc();
      const { value } = await server
        .getSignatureStatuses([signature], { searchTransactionHistory })
        .send(within());
      const status = value[0];
      if (!status) return null;
      const { confirmationStatus } = status;
      const isConfirmed = confirmationStatus === 'confirmed' || confirmationStatus === 'finalized';
      return { error: status.err, isConfirmed };
    },
    blockHeight: async () => (await rpc()).getBlockHeight(confirmed).send(within()),
    firstSlot: async () => (await rpc()).getFirstAvailableBlock().send(within()),
    notification: async (signature, signal) => {
      const notifications = await chain()
        .subscriptions.signatureNotifications(signature, confirmed)
        .subscribe({ abortSignal: signal });
      for await (const { value } of notifications) {
        return { error: value.err, isConfirmed: true };
      }
      throw new Error('the subscription ended');
    },
    logs: async (signature) => {
      const server = await rpc();
      const found = await server
        .getTransaction(signature, {
          ...confirmed,
          encoding: 'base64',
          maxSupportedTransactionVersion: NEWEST_TRANSACTION_VERSION,
        })
        .send(within());
      return found?.meta?.logMessages ?? [];
    },
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}
