import type { Base64EncodedWireTransaction, Blockhash, Signature } from '@solana/kit';
import { failureOf, isBlockhashGone, isUnreachable } from './failure.js';
import type { TransactionEvent } from './machine.js';
import type { Landing, Ports } from './ports.js';
import type { Lifetime } from './prepare.js';

/** How often a server is asked what became of a signature, milliseconds. */
const ASK_EVERY = 1_000;
/** The transaction is sent again at every so many-th question. */
const SEND_EVERY = 2;
/** Questions without an answer of any kind before the blockhash is asked for itself. */
const GIVE_UP = 600;

/** A signed transaction on its way. */
export interface Sent {
  signature: Signature;
  /** `null` where the wallet sent it itself. */
  wire: Base64EncodedWireTransaction | null;
  blockhash: Blockhash;
  /** `null` where the wallet put another blockhash in, whose last block is not known. */
  lifetime: Lifetime | null;
}

/** How it ended. */
export type Ending = Extract<TransactionEvent, { type: 'landed' | 'expired' | 'failed' }>;

/**
 * Sends the same bytes again until they land or their blockhash ends. That it landed is told by a
 * subscription and by asking, whichever is first; a server that is away in between is no failure.
 */
export async function confirm(
  sent: Sent,
  ports: Ports,
  dispatch: (event: TransactionEvent) => void,
): Promise<Ending> {
  const watch = new AbortController();
  let told: Landing | null = null;
  const notified = ports.notification(sent.signature, watch.signal).then(
    (landing) => void (told = landing),
    // No WebSocket: asking is enough.
    () => new Promise<void>(() => undefined),
  );
  try {
    const refused = await first(sent, ports);
    if (refused) return refused;
    dispatch({ type: 'sent' });
    let isGone = false;
    for (let question = 1; question <= GIVE_UP; question += 1) {
      await Promise.race([ports.sleep(ASK_EVERY), notified]);
      try {
        const landing: Landing | null = told ?? (await ports.landing(sent.signature));
        dispatch({ type: 'silent', isServerSilent: false });
        if (landing?.error) return await failedOnChain(sent, landing, ports);
        if (landing?.isConfirmed) return { type: 'landed' };
        // Seen to be gone at one question and not landed at the next: it never will.
        if (isGone && !landing) return { type: 'expired' };
        if (landing) continue;
        isGone = await hasEnded(sent, ports);
        if (sent.wire && !isGone && question % SEND_EVERY === 0) {
          await ports.send(sent.wire, false).catch(() => undefined);
        }
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        dispatch({ type: 'silent', isServerSilent: true });
      }
    }
    return { type: 'expired' };
  } finally {
    watch.abort();
  }
}

/** Sends it for the first time. `null` where it may be on its way. */
async function first({ wire, signature }: Sent, ports: Ports): Promise<Ending | null> {
  if (!wire) return null;
  try {
    await ports.send(wire, true);
    return null;
  } catch (error) {
    // The answer may be lost while the transaction is not.
    if (isUnreachable(error)) return null;
    const landing = await ports.landing(signature).catch(() => null);
    if (landing) return null;
    return isBlockhashGone(error)
      ? { type: 'expired' }
      : { type: 'failed', failure: failureOf(error) };
  }
}

async function hasEnded({ blockhash, lifetime }: Sent, ports: Ports): Promise<boolean> {
  if (lifetime) return (await ports.blockHeight()) > lifetime.lastValidBlockHeight;
  return !(await ports.isBlockhashValid(blockhash));
}

async function failedOnChain(
  { signature }: Sent,
  { error }: Landing,
  ports: Ports,
): Promise<Ending> {
  const logs = await ports.logs(signature).catch(() => []);
  return { type: 'failed', failure: failureOf(error, logs) };
}
