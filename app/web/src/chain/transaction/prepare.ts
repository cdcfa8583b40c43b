import {
  appendTransactionMessageInstructions,
  compileTransaction,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  pipe,
  setTransactionMessageComputeUnitLimit,
  setTransactionMessageComputeUnitPrice,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  type Address,
  type Blockhash,
  type Instruction,
  type Transaction,
} from '@solana/kit';
import { COMMITMENT, priceOf } from '@thaw/client';
import { mustBeCluster } from '../cluster.js';
import type { Chain } from '../context.js';
import { deadline } from '../deadline.js';
import type { Stage } from './order.js';

/** How long a blockhash counts. */
export interface Lifetime {
  blockhash: Blockhash;
  lastValidBlockHeight: bigint;
  /** The slot at which it was asked for: nothing signed with it landed before. */
  slot: bigint;
}

/** A transaction that only lacks its signature. */
export interface Prepared {
  transaction: Transaction;
  lifetime: Lifetime;
}

/** It would fail: the server's error, with what the programs logged. */
export class WouldFail extends Error {
  override readonly name = 'WouldFail';

  constructor(
    readonly error: unknown,
    readonly logs: readonly string[],
  ) {
    super('the transaction would fail', { cause: error });
  }
}

/** Most compute units of a transaction: what simulations may use. */
const MOST_UNITS = 1_400_000;
/** Units beyond what the simulation used and a tenth more. */
const SPARE_UNITS = 10_000;

/** The limit for a transaction that used so many units when it was simulated. */
export function unitsWithSpare(used: bigint | undefined): number {
  if (used === undefined) return MOST_UNITS;
  return Math.min(Math.ceil(Number(used) * 1.1) + SPARE_UNITS, MOST_UNITS);
}

function compile(
  payer: Address,
  instructions: readonly Instruction[],
  lifetime: Lifetime,
  budget: { units: number; price: bigint },
): Transaction {
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (it) => setTransactionMessageFeePayer(payer, it),
    (it) => setTransactionMessageLifetimeUsingBlockhash(lifetime, it),
    (it) => setTransactionMessageComputeUnitLimit(budget.units, it),
    (it) => appendTransactionMessageInstructions(instructions, it),
  );
  return compileTransaction(
    budget.price > 0n ? setTransactionMessageComputeUnitPrice(budget.price, message) : message,
  );
}

/**
 * Simulates each transaction and sets its budget by what it used. The blockhash is asked for last,
 * so that the wallet's user has as long as possible. A server of another cluster gets nothing signed.
 * @throws {WouldFail}, {WrongClusterError}; kit's errors of the server.
 */
export async function prepare(
  chain: Pick<Chain, 'rpc' | 'site'>,
  payer: Address,
  plans: Stage,
): Promise<Prepared[]> {
  await mustBeCluster(chain);
  const { rpc } = chain;
  const abortSignal = deadline(undefined, 30_000);
  const latest = async (): Promise<Lifetime> => {
    const { context, value } = await rpc
      .getLatestBlockhash({ commitment: COMMITMENT })
      .send({ abortSignal });
    return { ...value, slot: context.slot };
  };
  const first = await latest();
  const budgets = await Promise.all(
    plans.map(async (instructions) => {
      const draft = compile(payer, instructions, first, { units: MOST_UNITS, price: 0n });
      const [{ value }, price] = await Promise.all([
        rpc
          .simulateTransaction(getBase64EncodedWireTransaction(draft), {
            commitment: COMMITMENT,
            encoding: 'base64',
            replaceRecentBlockhash: true,
            sigVerify: false,
          })
          .send({ abortSignal }),
        priceOf(rpc, instructions, abortSignal),
      ]);
      if (value.err !== null) throw new WouldFail(value.err, value.logs ?? []);
      return { instructions, units: unitsWithSpare(value.unitsConsumed), price };
    }),
  );
  const lifetime = await latest();
  return budgets.map(({ instructions, ...budget }) => ({
    transaction: compile(payer, instructions, lifetime, budget),
    lifetime,
  }));
}
