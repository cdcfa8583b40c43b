import { isSignature } from '@solana/kit';
import type { Sent } from './confirm.js';
import type { Task } from './order.js';

/** What is signed and not known to have ended, with all that it takes to watch it again. */
export interface Pending {
  task: Task;
  /** Empty where the wallet was asked to sign and send, and has not answered yet. */
  sent: readonly Omit<Sent, 'wire'>[];
}

/** Sites of other pools may stand beside this one, below other paths. */
const PLACE = typeof location === 'undefined' ? '' : location.pathname;
const KEY = `thaw.pending:${PLACE}`;

/** For as long as the page stays: storage may be forbidden. */
let inMemory: string | null = null;

/** Remembers what is under way, over a reload of this tab; `null` once nothing is. */
export function keepPending(pending: Pending | null): void {
  const text = pending && JSON.stringify(pending, plain);
  inMemory = text;
  try {
    if (text === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, text);
  } catch {
    // It is lost with the page then.
  }
}

/** What was under way when the page was left, or is now; `null` for nothing. */
export function readPending(): Pending | null {
  try {
    return parsePending(sessionStorage.getItem(KEY));
  } catch {
    return parsePending(inMemory);
  }
}

function plain(key: string, value: unknown): unknown {
  if (key === 'wire') return undefined;
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Reads a stored text; `null` for what is none. */
export function parsePending(text: string | null): Pending | null {
  try {
    const { task, sent } = JSON.parse(text ?? '') as { task: Task; sent: Stored[] };
    const isTask = typeof task.title === 'string' && typeof task.done === 'string';
    return isTask ? { task, sent: sent.map(read) } : null;
  } catch {
    return null;
  }
}

type Stored = { signature: string; lastBlock: string | null; slot: string };

function read({ signature, lastBlock, slot }: Stored): Pending['sent'][number] {
  if (!isSignature(signature)) throw new TypeError('no signature');
  return {
    signature,
    lastBlock: lastBlock === null ? null : BigInt(lastBlock),
    slot: BigInt(slot),
  };
}
