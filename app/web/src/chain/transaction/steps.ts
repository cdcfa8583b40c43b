import type { TransactionState } from './machine.js';

/** How a line of the dialog stands. */
export type StepState = 'waiting' | 'active' | 'done' | 'failed';

/** A line of the dialog. */
export interface Step {
  label: string;
  state: StepState;
}

const NAMES = ['Prepare and check', 'Sign in your wallet', 'Send', 'Confirm'] as const;

/** How far a state has come, from 0. */
function reached(state: TransactionState): number {
  switch (state.step) {
    case 'idle':
    case 'building':
      return 0;
    case 'signing':
    case 'rejected':
      return 1;
    case 'sending':
      return 2;
    case 'confirming':
    case 'expired':
      return 3;
    case 'unknown':
      return state.signatures.length === 0 ? 1 : 3;
    case 'confirmed':
      return NAMES.length;
    case 'failed':
      return state.signatures.length === 0 ? 0 : 3;
  }
}

/** The lines that the dialog draws for a state. */
export function stepsOf(state: TransactionState): Step[] {
  const at = reached(state);
  const isOver = ['rejected', 'expired', 'unknown', 'failed'].includes(state.step);
  return NAMES.map((label, place) => ({
    label,
    state: place < at ? 'done' : place > at ? 'waiting' : isOver ? 'failed' : 'active',
  }));
}

/** One sentence for a state: shown, and read out when it changes. */
export function sentenceOf(state: TransactionState, done: string, canRetry = true): string {
  const part =
    'part' in state && state.part.of > 1 ? ` (${state.part.number} of ${state.part.of})` : '';
  switch (state.step) {
    case 'idle':
      return '';
    case 'building':
      return `Preparing the transaction and checking that it would work${part}.`;
    case 'signing':
      return state.count > 1
        ? `Approve ${state.count} transactions in your wallet, at once.`
        : `Approve the transaction in your wallet${part}.`;
    case 'sending':
      return `Sending the transaction${part}.`;
    case 'confirming':
      return state.isServerSilent
        ? `The RPC server does not answer. Still trying${part}.`
        : `Sent. Waiting for the network to confirm it${part}.`;
    case 'confirmed':
      return `Done. ${done}`;
    case 'rejected':
      return 'The transaction was not approved in your wallet. Nothing was sent.';
    case 'expired':
      return `The transaction expired before the network took it. Nothing happened, and it can never go through any more.${canRetry ? ' You can try again.' : ''}`;
    case 'unknown':
      return 'Nobody could tell whether the transaction went through. Look at it in the explorer or in your wallet before you do it again.';
    case 'failed':
      return state.failure.title;
  }
}
