import { createContext, useContext } from 'react';
import type { TransactionState } from './machine.js';
import type { Order, Task } from './order.js';

/** The one transaction at a time that the app carries out. */
export interface Transactions {
  state: TransactionState;
  /** What is, or was last, carried out. */
  task: Task | null;
  isBusy: boolean;
  /**
   * Carries an order out; a dialog draws each step. Resolves when it ended: true where all of it
   * landed. Without a wallet it asks for one instead, and resolves false.
   */
  run: (order: Order) => Promise<boolean>;
  /** Stops waiting for the wallet. */
  cancel: () => void;
  /**
   * Carries the last order out once more, built anew; `null` where that cannot help, another wallet
   * is connected, or the page was loaded anew since.
   */
  retry: (() => Promise<boolean>) | null;
  /** Forgets what ended. */
  reset: () => void;
}

export const TransactionContext = createContext<Transactions | null>(null);

/**
 * Transactions.
 * @throws outside of a `TransactionProvider`.
 */
export function useTransaction(): Transactions {
  const transactions = useContext(TransactionContext);
  if (!transactions) throw new Error('useTransaction is used outside of TransactionProvider');
  return transactions;
}
