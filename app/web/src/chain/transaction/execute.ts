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
  type Instruction,
  type Signature,
} from '@solana/kit';
import type { PoolState } from '@thaw/client';
import { MaybeSentError, RejectedError, type WalletSigner } from '../../wallet/signing.js';
import { deadline } from '../deadline.js';
import { confirm, type Ending, type Sent } from './confirm.js';
import { failed, failureOf } from './failure.js';
import type { TransactionEvent } from './machine.js';
import type { Order } from './order.js';
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
  /** Gives up on a wallet that does not answer. */
  cancelled: AbortSignal;
}

/** Longest time for building an order: reading what it needs. */
const BUILD_TIME = 90_000;

/** Carries an order out and tells each step. Never throws. Returns true where all of it landed. */
export async function execute(execution: Execution): Promise<boolean> {
  const { order, owner, readPool, dispatch } = execution;
  dispatch({ type: 'started', parts: 1 });
  let plans: readonly (readonly Instruction[])[];
  try {
    const signer = createNoopSigner(owner);
    const built = readPool().then((state) => order.build({ state, owner, signer }));
    plans = await Promise.race([built, aborted(deadline(undefined, BUILD_TIME))]);
  } catch (error) {
    dispatch({ type: 'failed', failure: failureOf(error) });
    return false;
  }
  if (plans.length === 0) {
    dispatch({ type: 'failed', failure: failed('There is nothing to do any more.') });
    return false;
  }
  dispatch({ type: 'counted', parts: plans.length });
  for (const instructions of plans) {
    if (!(await carryOut(execution, instructions))) return false;
  }
  return true;
}

async function carryOut(
  { owner, wallet, ports, dispatch, cancelled }: Execution,
  instructions: readonly Instruction[],
): Promise<boolean> {
  try {
    // Simulated here: a refusal is told before anything is signed.
    const prepared = await ports.prepare(owner, instructions);
    dispatch({ type: 'built' });
    const sent = await sign(wallet, prepared, cancelled);
    dispatch({ type: 'signed', signature: sent.signature });
    const end: Ending = await confirm(sent, ports, dispatch);
    dispatch(end);
    return end.type === 'landed';
  } catch (error) {
    if (error instanceof RejectedError) dispatch({ type: 'rejected' });
    else if (error instanceof MaybeSentError) dispatch({ type: 'unknown' });
    else dispatch({ type: 'failed', failure: failureOf(error) });
    return false;
  }
}

/** Rejects when the signal is aborted, with its reason. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

/** Has the wallet sign. A late answer to what was given up is dropped unsent. */
async function sign(
  wallet: WalletSigner,
  { transaction, lifetime }: Prepared,
  cancelled: AbortSignal,
): Promise<Sent> {
  const bytes = new Uint8Array(getTransactionEncoder().encode(transaction));
  if (!wallet.sign) {
    if (!wallet.signAndSend) throw new Error('This wallet cannot sign transactions.');
    const cannotStop = aborted(cancelled).catch(() => {
      throw new MaybeSentError('The wallet was not waited for.');
    });
    const answer = await Promise.race([wallet.signAndSend(bytes), cannotStop]);
    const signature = getBase58Decoder().decode(answer) as Signature;
    return { signature, wire: null, lastBlock: null };
  }
  // The whole of what comes back counts: a wallet may add instructions, or take a newer blockhash.
  const given = aborted(cancelled).catch(() => {
    throw new RejectedError('The wallet was not waited for.');
  });
  const signed = getTransactionDecoder().decode(await Promise.race([wallet.sign(bytes), given]));
  if (!isFullySignedTransaction(signed)) {
    throw new Error('The wallet returned the transaction without its signature.');
  }
  const message = getCompiledTransactionMessageDecoder().decode(signed.messageBytes);
  const isOurs = message.lifetimeToken === lifetime.blockhash;
  return {
    signature: getSignatureFromTransaction(signed),
    wire: getBase64EncodedWireTransaction(signed),
    lastBlock: isOurs ? lifetime.lastValidBlockHeight : null,
  };
}
