import {
  type Address,
  appendTransactionMessageInstructions,
  type Commitment,
  compileTransaction,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  type GetLatestBlockhashApi,
  type GetRecentPrioritizationFeesApi,
  type Instruction,
  pipe,
  type Rpc,
  setTransactionMessageComputeUnitLimit,
  setTransactionMessageComputeUnitPrice,
  setTransactionMessageFeePayer,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  type SimulateTransactionApi,
  type TransactionSigner,
} from '@solana/kit';
import { COMMITMENT } from './pace.js';
import { refusalOf } from './refusals.js';

/** Highest price that is chosen unasked, micro-lamports per compute unit. */
export const MAX_PRICE = 200_000n;
/** Lamports per signature. */
export const SIGNATURE_LAMPORTS = 5_000n;

/** The most units a transaction may ask for: what simulations use. */
const MOST_UNITS = 1_400_000;
/** Accounts that a server takes in a question for prices. */
const PRICE_ACCOUNTS = 128;
const MICRO = 1_000_000n;

/** What preparing asks the server for. */
export type PrepareApi = GetLatestBlockhashApi &
  GetRecentPrioritizationFeesApi &
  SimulateTransactionApi;

/** What to prepare. */
export type PrepareInput = {
  /** Pays the fee: its signer, or its address where something else signs. */
  feePayer: TransactionSigner | Address;
  /** What the transaction does. */
  instructions: readonly Instruction[];
  /** Micro-lamports per compute unit; by default what others paid of late, at most 200,000. */
  price?: bigint | undefined;
  /** How final the blockhash must be; by default `confirmed`. */
  commitment?: Commitment | undefined;
  /** Stops the preparation. */
  abortSignal?: AbortSignal | undefined;
};

/** A transaction message that is ready to be signed. */
export type Prepared = {
  /** The message, version 0: budget, blockhash and fee payer are set. */
  message: ReturnType<typeof draft>;
  /** Compute units at most. */
  units: number;
  /** Micro-lamports per compute unit. */
  price: bigint;
  /** The network's fee, priority fee included, lamports; of one signature. */
  feeLamports: bigint;
  /** The last block height at which it can land. */
  lastValidBlockHeight: bigint;
};

/** A transaction that would fail without an instruction being refused. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';

  constructor(
    /** The runtime's error, as the server has it: `BlockhashNotFound`, `AccountNotFound`. */
    readonly err: unknown,
    /** The transaction's logs. */
    readonly logs: readonly string[],
  ) {
    super(WORDS[String(err)] ?? `the transaction would fail: ${text(err)}`);
  }
}

const WORDS: Record<string, string> = {
  AccountNotFound: 'the wallet holds no SOL to pay the fee with',
  InsufficientFundsForFee: 'the wallet holds too little SOL to pay the fee with',
  BlockhashNotFound: 'the blockhash has expired',
};

/**
 * Makes a transaction of instructions: tries it on the server, so that a refusal costs nothing, and
 * sets the compute limit to what it used and a tenth more, and the price to what others paid of late
 * for these accounts.
 *
 * @throws `ThawRefusal` where a program would refuse; {@link SimulationError} where it would fail
 * otherwise, as for too little SOL; kit's errors of the server.
 */
export async function prepareTransaction(
  rpc: Rpc<PrepareApi>,
  input: PrepareInput,
): Promise<Prepared> {
  const commitment = input.commitment ?? COMMITMENT;
  const send = input.abortSignal === undefined ? {} : { abortSignal: input.abortSignal };
  const [{ value: blockhash }, price] = await Promise.all([
    rpc.getLatestBlockhash({ commitment }).send(send),
    input.price ?? priceOf(rpc, input.instructions, input.abortSignal),
  ]);
  const trial = draft(input, blockhash, MOST_UNITS, price);
  const used = await simulate(rpc, trial, commitment, input.abortSignal);
  const units = Math.min(used + Math.ceil(used / 10), MOST_UNITS);
  return {
    message: draft(input, blockhash, units, price),
    units,
    price,
    feeLamports: SIGNATURE_LAMPORTS + (BigInt(units) * price + MICRO - 1n) / MICRO,
    lastValidBlockHeight: blockhash.lastValidBlockHeight,
  };
}

/**
 * What others paid of late for the accounts that these instructions write: the upper quartile, at
 * most 200,000 micro-lamports per compute unit; 0 where the server cannot tell.
 */
export async function priceOf(
  rpc: Rpc<GetRecentPrioritizationFeesApi>,
  instructions: readonly Instruction[],
  abortSignal?: AbortSignal,
): Promise<bigint> {
  const metas = instructions.flatMap(({ accounts }) => accounts ?? []);
  // Bit 0 of a role: writable.
  const written = metas.filter(({ role }) => (role & 1) !== 0).map(({ address }) => address);
  const keys = [...new Set(written)].slice(0, PRICE_ACCOUNTS);
  try {
    const paid = await rpc
      .getRecentPrioritizationFees(keys)
      .send(abortSignal === undefined ? {} : { abortSignal });
    const prices = paid
      .map(({ prioritizationFee }) => BigInt(prioritizationFee))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const price = prices[Math.floor((prices.length * 3) / 4)] ?? 0n;
    return price < MAX_PRICE ? price : MAX_PRICE;
  } catch (error) {
    abortSignal?.throwIfAborted();
    if (error instanceof Error) return 0n;
    throw error;
  }
}

type Blockhash = Parameters<typeof setTransactionMessageLifetimeUsingBlockhash>[0];

function draft(input: PrepareInput, blockhash: Blockhash, units: number, price: bigint) {
  const { feePayer, instructions } = input;
  return pipe(
    createTransactionMessage({ version: 0 }),
    (message) =>
      typeof feePayer === 'string'
        ? setTransactionMessageFeePayer(feePayer, message)
        : setTransactionMessageFeePayerSigner(feePayer, message),
    (message) => setTransactionMessageLifetimeUsingBlockhash(blockhash, message),
    (message) => setTransactionMessageComputeUnitLimit(units, message),
    (message) => (price === 0n ? message : setTransactionMessageComputeUnitPrice(price, message)),
    (message) => appendTransactionMessageInstructions(instructions, message),
  );
}

async function simulate(
  rpc: Rpc<SimulateTransactionApi>,
  message: Parameters<typeof compileTransaction>[0],
  commitment: Commitment,
  abortSignal: AbortSignal | undefined,
): Promise<number> {
  const wire = getBase64EncodedWireTransaction(compileTransaction(message));
  const { value } = await rpc
    .simulateTransaction(wire, {
      commitment,
      encoding: 'base64',
      replaceRecentBlockhash: true,
      sigVerify: false,
    })
    .send(abortSignal === undefined ? {} : { abortSignal });
  if (value.err !== null) {
    const logs = value.logs ?? [];
    throw refusalOf(value.err, logs) ?? new SimulationError(value.err, logs);
  }
  return Number(value.unitsConsumed ?? MOST_UNITS);
}

function text(err: unknown): string {
  const plain = (_: string, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value;
  return typeof err === 'string' ? err : (JSON.stringify(err, plain) ?? 'unknown');
}
