import type { Signature } from '@solana/kit';
import type { Failure } from './failure.js';

/** Of several transactions, the one at hand; counted from 1. */
export interface Part {
  number: number;
  of: number;
}

/** Where a transaction stands. */
export type TransactionState =
  | { step: 'idle' }
  /** Reading the pool, building, simulating. */
  | { step: 'building'; part: Part }
  /** The wallet asks its user. */
  | { step: 'signing'; part: Part }
  /** Signed, on its way to the server for the first time. */
  | { step: 'sending'; part: Part; signature: Signature }
  /** Sent, and sent again until it lands or its blockhash ends. */
  | { step: 'confirming'; part: Part; signature: Signature; isServerSilent: boolean }
  | { step: 'confirmed'; signatures: readonly Signature[] }
  /** The user said no. */
  | { step: 'rejected'; done: readonly Signature[] }
  /** The blockhash ended before it landed; it can never land any more. */
  | { step: 'expired'; signature: Signature; done: readonly Signature[] }
  /** It may have gone through, or not: nobody could tell in time. `null` where the wallet sent it. */
  | { step: 'unknown'; signature: Signature | null; done: readonly Signature[] }
  | { step: 'failed'; failure: Failure; signature: Signature | null; done: readonly Signature[] };

/** What happens to a transaction. */
export type TransactionEvent =
  | { type: 'started'; parts: number }
  | { type: 'counted'; parts: number }
  | { type: 'built' }
  | { type: 'signed'; signature: Signature }
  | { type: 'sent' }
  | { type: 'silent'; isServerSilent: boolean }
  | { type: 'landed' }
  | { type: 'rejected' }
  | { type: 'expired' }
  | { type: 'unknown' }
  | { type: 'failed'; failure: Failure }
  | { type: 'reset' };

/** A state with what landed so far, which the states in between carry along. */
export interface Progress {
  state: TransactionState;
  done: readonly Signature[];
}

export const IDLE: Progress = { state: { step: 'idle' }, done: [] };

/** True while something is under way. */
export function isBusy(state: TransactionState): boolean {
  return ['building', 'signing', 'sending', 'confirming'].includes(state.step);
}

/** True where trying once more can help. */
export function canRetry(state: TransactionState): boolean {
  // The least to accept stays what was shown: a price that moved on is not waited for.
  if (state.step === 'failed') return state.failure.rule !== 'SlippageExceeded';
  return state.step === 'rejected' || state.step === 'expired';
}

const signatureOf = (state: TransactionState): Signature | null =>
  'signature' in state ? state.signature : null;

/** The next state. Events that do not fit the state change nothing: late answers are dropped. */
export function reduce(progress: Progress, event: TransactionEvent): Progress {
  const { state, done } = progress;
  const to = (next: TransactionState): Progress => ({ state: next, done });
  if (event.type === 'reset') return isBusy(state) ? progress : IDLE;
  if (event.type === 'started') {
    if (isBusy(state)) return progress;
    return { state: { step: 'building', part: { number: 1, of: event.parts } }, done: [] };
  }
  if (!isBusy(state) || !('part' in state)) return progress;
  const { part } = state;
  switch (event.type) {
    case 'counted':
      return state.step === 'building'
        ? to({ step: 'building', part: { ...part, of: event.parts } })
        : progress;
    case 'built':
      return state.step === 'building' ? to({ step: 'signing', part }) : progress;
    case 'signed':
      return state.step === 'signing'
        ? to({ step: 'sending', part, signature: event.signature })
        : progress;
    case 'sent':
      return state.step === 'sending'
        ? to({ step: 'confirming', part, signature: state.signature, isServerSilent: false })
        : progress;
    case 'silent':
      return state.step === 'confirming'
        ? to({ ...state, isServerSilent: event.isServerSilent })
        : progress;
    case 'landed': {
      const signature = signatureOf(state);
      if (signature === null) return progress;
      const landed = [...done, signature];
      if (part.number >= part.of) {
        return { state: { step: 'confirmed', signatures: landed }, done: landed };
      }
      const next = { ...part, number: part.number + 1 };
      return { state: { step: 'building', part: next }, done: landed };
    }
    case 'rejected':
      return state.step === 'signing' ? to({ step: 'rejected', done }) : progress;
    case 'expired': {
      const signature = signatureOf(state);
      return signature === null ? progress : to({ step: 'expired', signature, done });
    }
    case 'unknown':
      return to({ step: 'unknown', signature: signatureOf(state), done });
    case 'failed':
      return to({ step: 'failed', failure: event.failure, signature: signatureOf(state), done });
  }
}
