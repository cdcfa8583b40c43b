export { useTransaction, type Transactions } from './context.js';
export { failed, failureOf, isUnreachable, type Failure } from './failure.js';
export { canRetry, isBusy, type TransactionState } from './machine.js';
export type { BuildContext, Order, Stage, Task } from './order.js';
export { readPending } from './pending.js';
export { TransactionProvider } from './TransactionProvider.js';
