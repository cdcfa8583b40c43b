import type { Base64EncodedWireTransaction, Signature } from '@solana/kit';
import { BLOCKHASH_BLOCKS, LAG_BLOCKS } from '@thaw/client';
import { failureOf, isDefinite } from './failure.js';
import type { TransactionEvent } from './machine.js';
import type { Landing, Ports } from './ports.js';

/** How often a server is asked what became of a signature, milliseconds. */
const ASK_EVERY = 1_000;
/** The transaction is sent again at every so many-th question. */
const SEND_EVERY = 2;
/** Questions before nobody waits any longer. */
const GIVE_UP = 600;
/** Blocks that a transaction can still land in at most, if its last block is not known. */
const LONGEST_BLOCKS = BLOCKHASH_BLOCKS + LAG_BLOCKS;

/** A signed transaction on its way. */
export interface Sent {
  signature: Signature;
  /** `null` where the wallet sent it itself, or the page did before it was loaded anew. */
  wire: Base64EncodedWireTransaction | null;
  /** The last block that can hold it; `null` where the wallet may have taken another blockhash. */
  lastBlock: bigint | null;
  /** A slot before it was signed. */
  slot: bigint;
}

/** How it ended. */
export type Ending = Extract<
  TransactionEvent,
  { type: 'landed' | 'expired' | 'failed' | 'unknown' }
>;

/**
 * Sends the same bytes again until they land or their blockhash ends. That it landed is told by a
 * subscription and by asking, whichever is first. Once it is signed, no error of asking ends it: only
 * the chain's word does, and without one it ends as unknown, which offers no second try.
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
    let { lastBlock } = sent;
    let isGone = false;
    for (let question = 1; question <= GIVE_UP; question += 1) {
      await Promise.race([ports.sleep(ASK_EVERY), notified]);
      try {
        // Servers forget signatures after minutes; where the end is near, the ledger is asked.
        const landing: Landing | null = told ?? (await ports.landing(sent.signature, isGone));
        dispatch({ type: 'silent', isServerSilent: false });
        // On a fork that is dropped, the same bytes can still do something else.
        if (landing?.isConfirmed) return await ended(sent, landing, ports);
        if (landing) continue;
        // Seen to be gone at one question and not landed at the next: it never will.
        if (isGone) return await gone(sent, ports);
        const height = await ports.blockHeight();
        lastBlock ??= height + LONGEST_BLOCKS;
        isGone = height > lastBlock;
        if (sent.wire && !isGone && question % SEND_EVERY === 0) {
          await ports.send(sent.wire, false).catch(() => undefined);
        }
      } catch {
        dispatch({ type: 'silent', isServerSilent: true });
      }
    }
    return { type: 'unknown' };
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
    // The answer may be lost, or somebody else may have sent it: only a clear no is one.
    if (!isDefinite(error)) return null;
    const landing = await ports.landing(signature, false).catch(() => null);
    return landing ? null : { type: 'failed', failure: failureOf(error) };
  }
}

/** It is in no block that the server has, which says little where those begin after it was signed. */
async function gone({ slot }: Sent, ports: Ports): Promise<Ending> {
  return (await ports.firstSlot()) <= slot ? { type: 'expired' } : { type: 'unknown' };
}

async function ended({ signature }: Sent, { error }: Landing, ports: Ports): Promise<Ending> {
  if (!error) return { type: 'landed', signature };
  const logs = await ports.logs(signature).catch(() => []);
  return { type: 'failed', failure: failureOf(error, logs) };
}
