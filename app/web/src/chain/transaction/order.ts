import type { Address, Instruction, TransactionSigner } from '@solana/kit';
import type { PoolState } from '@thaw/client';

/** What an order is built from. */
export interface BuildContext {
  /** The pool, read just now. */
  state: PoolState;
  /** The connected wallet. */
  owner: Address;
  /** Stands for the wallet in instructions; the wallet itself signs later. */
  signer: TransactionSigner;
}

/** Transactions that need nothing of each other: signed by one approval where the wallet can. */
export type Stage = readonly (readonly Instruction[])[];

/** What transactions do, in words. */
export interface Task {
  /** What it does: `Stake 1.5 SOL`. */
  title: string;
  /** What holds when it is done: `You have 1.48 thSOL more.` */
  done: string;
}

/** Something to do by transactions, in words and in instructions. */
export interface Order extends Task {
  /**
   * The instructions of each transaction, in stages: one begins when all of the last one has landed,
   * since it could not be tried before it is signed otherwise. Built anew for every try, so that
   * quotes and nonces are fresh. Throws in words, or a `ThawRefusal`.
   */
  build: (at: BuildContext) => Promise<readonly Stage[]>;
}
