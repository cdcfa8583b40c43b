import type { Address, Base64EncodedWireTransaction, Instruction, Signature } from '@solana/kit';
import type { Chain } from '../context.js';
import { deadline } from '../deadline.js';
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
  /** Simulates, and sets budget and blockhash. Throws `WouldFail`. */
  prepare(owner: Address, instructions: readonly Instruction[]): Promise<Prepared>;
  send(transaction: Base64EncodedWireTransaction, isFirst: boolean): Promise<void>;
  /** `inLedger` also finds what servers forget after minutes. */
  landing(signature: Signature, inLedger: boolean): Promise<Landing | null>;
  blockHeight(): Promise<bigint>;
  /** Resolves when the server tells by WebSocket; rejects where it cannot. */
  notification(signature: Signature, signal: AbortSignal): Promise<Landing>;
  logs(signature: Signature): Promise<readonly string[]>;
  sleep(milliseconds: number): Promise<void>;
}

const confirmed = { commitment: 'confirmed' } as const;

/** The ports to the servers in use, which may be others at the next question. */
export function portsOf(chain: () => Chain): Ports {
  const rpc = () => chain().rpc;
  const within = () => ({ abortSignal: deadline() });
  return {
    prepare: (payer, instructions) => prepare(chain(), payer, instructions),
    send: async (transaction, isFirst) => {
      await rpc()
        .sendTransaction(transaction, {
          encoding: 'base64',
          // A second check only makes repeats fail.
          skipPreflight: !isFirst,
          preflightCommitment: 'confirmed',
          maxRetries: 0n,
        })
        .send(within());
    },
    landing: async (signature, searchTransactionHistory) => {
      const { value } = await rpc()
        .getSignatureStatuses([signature], { searchTransactionHistory })
        .send(within());
      const status = value[0];
      if (!status) return null;
      const { confirmationStatus } = status;
      const isConfirmed = confirmationStatus === 'confirmed' || confirmationStatus === 'finalized';
      return { error: status.err, isConfirmed };
    },
    blockHeight: () => rpc().getBlockHeight(confirmed).send(within()),
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
      const found = await rpc()
        .getTransaction(signature, {
          ...confirmed,
          encoding: 'base64',
          maxSupportedTransactionVersion: 0,
        })
        .send(within());
      return found?.meta?.logMessages ?? [];
    },
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}
