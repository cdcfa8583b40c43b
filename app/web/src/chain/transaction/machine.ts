import type { Signature } from '@solana/kit';
import type { Failure } from './failure.js';

/** Of several transactions, the one at hand; counted from 1. */
export interface Part {
  number: number;
  of: number;
}

/** Where an order stands. `signatures` are those that have not landed, `done` those that have. */
export type TransactionState =
  | { step: 'idle' }
  /** Reading the pool, building, simulating. */
  | { step: 'building'; part: Part }
  /** The wallet asks its user, for so many at once. */
  | { step: 'signing'; part: Part; count: number }
  /** Signed, on its way to the server for the first time. */
  | { step: 'sending'; part: Part; signatures: readonly Signature[] }
  /** Sent, and sent again until it lands or its blockhash ends. */
  | {
      step: 'confirming';
      part: Part;
      signatures: readonly Signature[];
      isServerSilent: boolean;
    }
  | { step: 'confirmed'; signatures: readonly Signature[] }
  /** The user said no. */
  | { step: 'rejected'; done: readonly Signature[] }
  /** The blockhash ended before it landed; it can never land any more. */
  | { step: 'expired'; signatures: readonly Signature[]; done: readonly Signature[] }
  /** It may have gone through, or not: nobody could tell. No signature where the wallet sent it. */
  | { step: 'unknown'; signatures: readonly Signature[]; done: readonly Signature[] }
  | {
      step: 'failed';
      failure: Failure;
      signatures: readonly Signature[];
      done: readonly Signature[];
    };

/** What happens to an order. */
export type TransactionEvent =
  | { type: 'started'; parts: number }
  /** Signed before the page was loaded anew. */
  | { type: 'resumed'; signatures: readonly Signature[] }
  | { type: 'counted'; parts: number }
  | { type: 'built'; count: number }
  /** The wallet does not sign several at once: they are built and signed one by one. */
  | { type: 'separated' }
  | { type: 'signed'; signatures: readonly Signature[] }
  | { type: 'sent' }
  | { type: 'silent'; isServerSilent: boolean }
  | { type: 'landed'; signature: Signature }
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

const waitingIn = (state: TransactionState): readonly Signature[] =>
  state.step === 'sending' || state.step === 'confirming' ? state.signatures : [];

/** The next state. Events that do not fit the state change nothing: late answers are dropped. */
export function reduce(progress: Progress, event: TransactionEvent): Progress {
  const { state, done } = progress;
  const to = (next: TransactionState): Progress => ({ state: next, done });
  if (event.type === 'reset') return isBusy(state) ? progress : IDLE;
  if (event.type === 'started') {
    if (isBusy(state)) return progress;
    return { state: { step: 'building', part: { number: 1, of: event.parts } }, done: [] };
  }
  if (event.type === 'resumed') return isBusy(state) ? progress : resumed(event.signatures);
  if (!isBusy(state) || !('part' in state)) return progress;
  const { part } = state;
  const signatures = waitingIn(state);
  switch (event.type) {
    case 'counted':
      return state.step === 'building'
        ? to({ step: 'building', part: { ...part, of: event.parts } })
        : progress;
    case 'built':
      return state.step === 'building'
        ? to({ step: 'signing', part, count: event.count })
        : progress;
    case 'separated':
      return state.step === 'signing' ? to({ step: 'building', part }) : progress;
    case 'signed':
      return state.step === 'signing'
        ? to({ step: 'sending', part, signatures: event.signatures })
        : progress;
    case 'sent':
      return state.step === 'sending'
        ? to({ step: 'confirming', part, signatures, isServerSilent: false })
        : progress;
    case 'silent':
      return state.step === 'confirming'
        ? to({ ...state, isServerSilent: event.isServerSilent })
        : progress;
    case 'landed':
      return signatures.includes(event.signature) ? landed(progress, part, event) : progress;
    case 'rejected':
      return state.step === 'signing' ? to({ step: 'rejected', done }) : progress;
    case 'expired':
      return signatures.length > 0 ? to({ step: 'expired', signatures, done }) : progress;
    case 'unknown':
      return to({ step: 'unknown', signatures, done });
    case 'failed':
      return to({ step: 'failed', failure: event.failure, signatures, done });
  }
}

function resumed(signatures: readonly Signature[]): Progress {
  if (signatures.length === 0)
    return { state: { step: 'unknown', signatures, done: [] }, done: [] };
  const part = { number: 1, of: signatures.length };
  return { state: { step: 'confirming', part, signatures, isServerSilent: false }, done: [] };
}

function landed(
  { state, done: before }: Progress,
  part: Part,
  { signature }: { signature: Signature },
): Progress {
  const done = [...before, signature];
  const signatures = waitingIn(state).filter((one) => one !== signature);
  if (done.length >= part.of) return { state: { step: 'confirmed', signatures: done }, done };
  const next = { ...part, number: part.number + 1 };
  if (signatures.length === 0) return { state: { step: 'building', part: next }, done };
  return {
    state: { step: 'confirming', part: next, signatures, isServerSilent: false },
    done,
  };
}
