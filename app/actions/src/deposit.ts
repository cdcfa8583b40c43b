import {
  type Address,
  type GetLatestBlockhashApi,
  type Instruction,
  type Rpc,
  type SimulateTransactionApi,
  appendTransactionMessageInstructions,
  compileTransaction,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  isAddress,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
} from '@solana/kit';
import { getSetComputeUnitLimitInstruction } from '@solana-program/compute-budget';
import {
  COMMITMENT,
  AmountError,
  type PoolState,
  ThawRefusal,
  depositSol,
  parseSol,
  quoteDeposit,
  refusalOf,
} from '@thaw/client';

import { ActionFailure } from './failure.js';

/** Shares below the quote that a holder still accepts, in ten-thousandths: as the command line. */
const SLIPPAGE_BPS = 10n;
const WHOLE_BPS = 10_000n;
/** Units that a simulation may use, the most a transaction can. */
const MAX_UNITS = 1_400_000;

/** What is asked for. */
export interface Order {
  /** Who pays, signs and gets the shares. */
  readonly account: Address;
  readonly lamports: bigint;
}

/** A transaction for the holder's wallet to sign. */
export interface Deposit {
  /** Serialised and without signature, base 64. */
  readonly transaction: string;
  /** Shares that the deposit is expected to buy. */
  readonly shares: bigint;
}

/**
 * Reads what was asked for, from the query and the body.
 *
 * @throws {@link ActionFailure} 400 in words.
 */
export function readOrder(amount: string | undefined, body: unknown): Order {
  const fields = typeof body === 'object' && body !== null ? body : {};
  const account = 'account' in fields ? fields.account : undefined;
  if (typeof account !== 'string' || !isAddress(account)) {
    throw new ActionFailure(400, 'The body must name your account: {"account": "<address>"}.');
  }
  // Clients put what was typed into the URL, newer ones into the body too.
  const data = 'data' in fields ? fields.data : undefined;
  const typed =
    typeof data === 'object' && data !== null && 'amount' in data ? data.amount : undefined;
  const text = amount ?? (typeof typed === 'string' ? typed : undefined);
  if (text === undefined) throw new ActionFailure(400, 'How much SOL? The amount is missing.');
  try {
    const lamports = parseSol(text.trim());
    if (lamports === 0n) throw new ActionFailure(400, 'The amount must be more than 0.');
    return { account, lamports };
  } catch (error) {
    if (error instanceof AmountError) throw new ActionFailure(400, `${error.message}.`);
    throw error;
  }
}

/**
 * Builds the deposit and tries it on the RPC server, so that nobody is asked to sign what would
 * fail.
 *
 * @throws {@link ActionFailure} 422 in words where the program or the wallet's balance says no.
 */
export async function buildDeposit(
  rpc: Rpc<GetLatestBlockhashApi & SimulateTransactionApi>,
  state: PoolState,
  { account, lamports }: Order,
): Promise<Deposit> {
  const { shares, instructions } = await plan(state, account, lamports);
  const { value: lifetime } = await rpc.getLatestBlockhash({ commitment: COMMITMENT }).send();
  const encode = (units: number) => {
    const limit = getSetComputeUnitLimitInstruction({ units });
    return getBase64EncodedWireTransaction(
      pipe(
        createTransactionMessage({ version: 0 }),
        (message) => setTransactionMessageFeePayer(account, message),
        (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
        (message) => appendTransactionMessageInstructions([limit, ...instructions], message),
        compileTransaction,
      ),
    );
  };
  const options = { commitment: COMMITMENT, encoding: 'base64', sigVerify: false } as const;
  const { value: tried } = await rpc.simulateTransaction(encode(MAX_UNITS), options).send();
  if (tried.err !== null) {
    throw new ActionFailure(422, inWords(tried.err, tried.logs ?? []));
  }
  const used = Number(tried.unitsConsumed ?? 0n);
  return { transaction: encode(used === 0 ? MAX_UNITS : Math.ceil(used * 1.1)), shares };
}

async function plan(
  state: PoolState,
  owner: Address,
  lamports: bigint,
): Promise<{ shares: bigint; instructions: readonly Instruction[] }> {
  try {
    const { shares } = quoteDeposit(state, lamports);
    const minOut = (shares * (WHOLE_BPS - SLIPPAGE_BPS)) / WHOLE_BPS;
    return { shares, instructions: await depositSol({ state, owner, lamports, minOut }) };
  } catch (error) {
    if (error instanceof ThawRefusal) throw new ActionFailure(422, `${error.message}.`);
    throw error;
  }
}

/** Why a simulation failed. */
function inWords(error: unknown, logs: readonly string[]): string {
  const refusal = refusalOf(error, logs);
  const isPoor =
    refusal?.message.includes('too few lamports') === true ||
    ['AccountNotFound', 'InsufficientFundsForFee'].includes(String(error)) ||
    JSON.stringify(error, plain).includes('InsufficientFundsForRent');
  if (isPoor) {
    return 'The wallet holds too little SOL for this amount, the fee and the rent of an account for the shares.';
  }
  return refusal === null
    ? `The chain would refuse: ${JSON.stringify(error, plain)}.`
    : `${refusal.message}.`;
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
