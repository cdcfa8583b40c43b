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
  type Blockhash,
  type Instruction,
  type Signature,
} from '@solana/kit';
import type { PoolState } from '@thaw/client';
import { RejectedError, type WalletSigner } from '../../wallet/signing.js';
import { confirm, type Sent } from './confirm.js';
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
}

/** Carries an order out and tells each step. Never throws. Returns true where all of it landed. */
export async function execute(execution: Execution): Promise<boolean> {
  const { order, owner, readPool, dispatch } = execution;
  dispatch({ type: 'started', parts: 1 });
  let plans: readonly (readonly Instruction[])[];
  try {
    const state = await readPool();
    plans = await order.build({ state, owner, signer: createNoopSigner(owner) });
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
  { owner, wallet, ports, dispatch }: Execution,
  instructions: readonly Instruction[],
): Promise<boolean> {
  try {
    // Simulated here: a refusal is told before anything is signed.
    const prepared = await ports.prepare(owner, instructions);
    dispatch({ type: 'built' });
    const sent = await sign(wallet, prepared);
    dispatch({ type: 'signed', signature: sent.signature });
    const end = await confirm(sent, ports, dispatch);
    dispatch(end);
    return end.type === 'landed';
  } catch (error) {
    if (error instanceof RejectedError) dispatch({ type: 'rejected' });
    else dispatch({ type: 'failed', failure: failureOf(error) });
    return false;
  }
}

/** Has the wallet sign. */
async function sign(wallet: WalletSigner, { transaction, lifetime }: Prepared): Promise<Sent> {
  const bytes = new Uint8Array(getTransactionEncoder().encode(transaction));
  if (!wallet.sign) {
    if (!wallet.signAndSend) throw new Error('This wallet cannot sign transactions.');
    const signature = getBase58Decoder().decode(await wallet.signAndSend(bytes)) as Signature;
    return { signature, wire: null, blockhash: lifetime.blockhash, lifetime };
  }
  // The whole of what comes back counts: a wallet may add instructions, or take a newer blockhash.
  const signed = getTransactionDecoder().decode(await wallet.sign(bytes));
  if (!isFullySignedTransaction(signed)) {
    throw new Error('The wallet returned the transaction without its signature.');
  }
  const message = getCompiledTransactionMessageDecoder().decode(signed.messageBytes);
  const blockhash = message.lifetimeToken as Blockhash;
  return {
    signature: getSignatureFromTransaction(signed),
    wire: getBase64EncodedWireTransaction(signed),
    blockhash,
    lifetime: blockhash === lifetime.blockhash ? lifetime : null,
  };
}
