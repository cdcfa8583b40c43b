import { createContext, useContext } from 'react';
import type { TransactionState } from './machine.js';
import type { Order } from './order.js';

/** The one transaction at a time that the app carries out. */
export interface Transactions {
  state: TransactionState;
  /** What is, or was last, carried out. */
  order: Order | null;
  isBusy: boolean;
  /**
   * Carries an order out; a dialog draws each step. Resolves when it ended: true where all of it
   * landed. Without a wallet it asks for one instead, and resolves false.
   */
  run: (order: Order) => Promise<boolean>;
  /** False where the order was made for another wallet than the one that is connected now. */
  isOwn: boolean;
  /** Stops waiting for the wallet. */
  cancel: () => void;
  /** The last order once more, built anew; the wallet must be the same. */
  retry: () => Promise<boolean>;
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
