import {
  createNoopSigner,
  getBase58Decoder,
  getBase64EncodedWireTransaction,
  getCompiledTransactionMessageDecoder,
  getSignatureFromTransaction,
  getTransactionDecoder,
  getTransactionEncoder,
  isFullySignedTransaction,
  type Address,
  type Signature,
} from '@solana/kit';
import type { PoolState } from '@thaw/client';
import { MaybeSentError, RejectedError, type WalletSigner } from '../../wallet/signing.js';
import { deadline } from '../deadline.js';
import { confirm, type Ending, type Sent } from './confirm.js';
import { failed, failureOf } from './failure.js';
import type { TransactionEvent } from './machine.js';
import type { Order, Stage, Task } from './order.js';
import type { Pending } from './pending.js';
import type { Ports } from './ports.js';
import type { Prepared } from './prepare.js';

/** Who signs and where it goes. */
export interface Execution {
  order: Order;
  owner: Address;
  wallet: WalletSigner;
  ports: Ports;
  readPool: () => Promise<PoolState>;
  dispatch: (event: TransactionEvent) => void;
  /** Remembers what is under way over a reload; `null` once nothing is. */
  keep: (pending: Pending | null) => void;
  /** Gives up on a wallet that does not answer. */
  cancelled: AbortSignal;
}

/** Longest time for building an order: reading what it needs. */
const BUILD_TIME = 90_000;

/** Carries an order out and tells each step. Never throws. Returns true where all of it landed. */
export async function execute(execution: Execution): Promise<boolean> {
  const { order, owner, wallet, readPool, dispatch } = execution;
  dispatch({ type: 'started', parts: 1 });
  let stages: readonly Stage[];
  try {
    const signer = createNoopSigner(owner);
    const built = readPool().then((state) => order.build({ state, owner, signer }));
    stages = await Promise.race([built, aborted(deadline(undefined, BUILD_TIME))]);
  } catch (error) {
    dispatch({ type: 'failed', failure: failureOf(error) });
    return false;
  }
  let left = stages.flat().length;
  if (left === 0) {
    dispatch({ type: 'failed', failure: failed('There is nothing to do any more.') });
    return false;
  }
  dispatch({ type: 'counted', parts: left });
  // A wallet that sends by itself shows one after the other anyway.
  const rounds = wallet.sign ? [...stages] : oneByOne(stages.flat());
  for (let round = rounds.shift(); round; round = rounds.shift()) {
    const end = await carryOut(execution, round, left === round.length);
    if (end === 'separated') rounds.unshift(...oneByOne(round));
    else if (end === 'stopped') return false;
    else left -= round.length;
  }
  return true;
}

const oneByOne = (stage: Stage): Stage[] => stage.map((plan) => [plan]);

async function carryOut(
  { order, owner, wallet, ports, dispatch, keep, cancelled }: Execution,
  stage: Stage,
  isLast: boolean,
): Promise<'landed' | 'stopped' | 'separated'> {
  const task = { title: order.title, done: isLast ? order.done : NOT_ALL };
  try {
    // Simulated here: a refusal is told before anything is signed.
    const prepared = await ports.prepare(owner, stage);
    dispatch({ type: 'built', count: stage.length });
    if (!wallet.sign) keep({ task, sent: [] });
    const sent = await sign(wallet, prepared, cancelled);
    if (!sent) {
      dispatch({ type: 'separated' });
      return 'separated';
    }
    keep({ task, sent });
    dispatch({ type: 'signed', signatures: sent.map(({ signature }) => signature) });
    return (await watch({ task, sent, ports, dispatch, keep })) ? 'landed' : 'stopped';
  } catch (error) {
    keep(null);
    if (error instanceof RejectedError) dispatch({ type: 'rejected' });
    else if (error instanceof MaybeSentError) dispatch({ type: 'unknown' });
    else dispatch({ type: 'failed', failure: failureOf(error) });
    return 'stopped';
  }
}

/** What is watched: signed in this page, or before it was loaded anew. */
export interface Watched extends Pick<Execution, 'ports' | 'dispatch' | 'keep'> {
  task: Task;
  sent: readonly Sent[];
}

/**
 * Sends transactions side by side and waits until it is known of each how it ended. Returns true
 * where all landed; else the least certain end is told, when nothing is under way any more.
 */
export async function watch({ task, sent, ports, dispatch, keep }: Watched): Promise<boolean> {
  const waiting = new Set(sent);
  const endings = await Promise.all(
    sent.map(async (one) => {
      const end = await confirm(one, ports, dispatch);
      if (end.type !== 'landed') return end;
      waiting.delete(one);
      keep(waiting.size > 0 ? { task, sent: [...waiting] } : null);
      dispatch(end);
      return end;
    }),
  );
  keep(null);
  const rank = (end: Ending) => WORST_FIRST.indexOf(end.type);
  const [worst] = endings.sort((one, other) => rank(one) - rank(other));
  if (!worst || worst.type === 'landed') return true;
  dispatch(worst);
  return false;
}

const WORST_FIRST: readonly Ending['type'][] = ['unknown', 'failed', 'expired', 'landed'];

/** What is done when a page that was loaded anew has seen the end of what it knows. */
const NOT_ALL =
  'This was a part of it: the rest was not begun, because the page was loaded anew. Look at what is left and do it again.';

/** Rejects when the signal is aborted, with its reason. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

/**
 * Has the wallet sign, by one approval. `null` where it takes only one at once. A late answer to what
 * was given up is dropped unsent.
 */
async function sign(
  wallet: WalletSigner,
  prepared: readonly Prepared[],
  cancelled: AbortSignal,
): Promise<readonly Sent[] | null> {
  const bytes = prepared.map(
    ({ transaction }) => new Uint8Array(getTransactionEncoder().encode(transaction)),
  );
  if (!wallet.sign) {
    const sent = bytes.map((one, place) => signAndSend(wallet, one, prepared[place], cancelled));
    return Promise.all(sent);
  }
  const given = aborted(cancelled).catch(() => {
    throw new RejectedError('The wallet was not waited for.');
  });
  let answers: readonly Uint8Array[];
  try {
    answers = await Promise.race([wallet.sign(bytes), given]);
  } catch (error) {
    if (bytes.length === 1 || error instanceof RejectedError) throw error;
    return null;
  }
  return answers.map((answer, place) => sentOf(answer, prepared[place]));
}

async function signAndSend(
  wallet: WalletSigner,
  bytes: Uint8Array,
  prepared: Prepared | undefined,
  cancelled: AbortSignal,
): Promise<Sent> {
  if (!wallet.signAndSend) throw new Error('This wallet cannot sign transactions.');
  const cannotStop = aborted(cancelled).catch(() => {
    throw new MaybeSentError('The wallet was not waited for.');
  });
  const answer = await Promise.race([wallet.signAndSend(bytes), cannotStop]);
  const signature = getBase58Decoder().decode(answer) as Signature;
  return { signature, wire: null, lastBlock: null, slot: prepared?.lifetime.slot ?? 0n };
}

/** The whole of what comes back counts: a wallet may add instructions, or take a newer blockhash. */
function sentOf(answer: Uint8Array, prepared: Prepared | undefined): Sent {
  const signed = getTransactionDecoder().decode(answer);
  if (!prepared || !isFullySignedTransaction(signed)) {
    throw new Error('The wallet returned the transaction without its signature.');
  }
  const { lifetime } = prepared;
  const message = getCompiledTransactionMessageDecoder().decode(signed.messageBytes);
  const isOurs = message.lifetimeToken === lifetime.blockhash;
  return {
    signature: getSignatureFromTransaction(signed),
    wire: getBase64EncodedWireTransaction(signed),
    lastBlock: isOurs ? lifetime.lastValidBlockHeight : null,
    slot: lifetime.slot,
  };
}
