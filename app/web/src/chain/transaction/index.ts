export { useTransaction, type Transactions } from './context.js';
export { failed, failureOf, isUnreachable, type Failure } from './failure.js';
export { canRetry, isBusy, type TransactionState } from './machine.js';
export type { BuildContext, Order } from './order.js';
export { TransactionProvider } from './TransactionProvider.js';
