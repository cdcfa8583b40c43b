import type { Address, GetMultipleAccountsApi, Rpc } from '@solana/kit';
import {
  FetchError,
  mustExist,
  type RawAccount,
  type RawAccounts,
  readAccounts,
  type ReadOptions,
} from './accounts.js';
import { batchAddress, type PoolAddresses, poolAddresses } from './addresses.js';
import { CLOCK_SYSVAR, RENT_SYSVAR, REWARDS_SYSVAR, SCHEDULE_SYSVAR } from './constants.js';
import { decodeBatchAccount, decodePoolAccount } from './decode.js';
import { type Batch, type Pool, THAW_PROGRAM_ADDRESS } from './generated/index.js';
import {
  type Clock,
  decodeClock,
  decodeRent,
  decodeRewardsWindow,
  decodeSchedule,
  type EpochSchedule,
  type Rent,
} from './sysvars.js';

/** Open batches that are read at most; they are paid in order, so later ones can wait. */
const BATCHES = 64n;

/** Everything of a pool but its validators, read at one slot. */
export type PoolState = {
  /** The slot of the reading. */
  slot: bigint;
  /** The pool's addresses. */
  addresses: PoolAddresses;
  /** The pool. */
  pool: Pool;
  /** Lamports of the reserve account, its own rent included. */
  reserveLamports: bigint;
  /** The chain's time. */
  clock: Clock;
  /** The chain's epochs. */
  schedule: EpochSchedule;
  /** Live rent. */
  rent: Rent;
  /** True while epoch rewards are being paid: stake cannot move. */
  isRewardsWindow: boolean;
  /** The newest batch, where it is not closed. */
  newestBatch: Batch | null;
  /** Batches that are not settled in full, oldest first; 64 at most. */
  openBatches: Batch[];
};

/**
 * Reads a pool. One call for its fixed accounts, and one for its batches where it has any.
 *
 * @throws {@link FetchError} where an account is missing or is not what it should be; kit's errors of
 * the server.
 */
export async function fetchPoolState(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  options: ReadOptions = {},
): Promise<PoolState> {
  const { state } = await readPool(rpc, addresses, [], options);
  return state;
}

/** Reads a pool, and more accounts of the same slot. */
export async function readPool(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  more: readonly Address[],
  options: ReadOptions,
): Promise<{ state: PoolState; more: readonly (RawAccount | null)[] }> {
  const keys = fixedKeys(addresses);
  const { slot, accounts } = await readAccounts(rpc, [...keys, ...more], options);
  const fixed = decodeFixed(addresses, { slot, accounts });
  const batches = await readBatches(rpc, addresses, fixed.pool, options);
  return { state: { ...fixed, ...batches }, more: accounts.slice(keys.length) };
}

/**
 * The addresses of a pool, from its own address or its share mint's.
 *
 * @throws {@link FetchError} `noPool` where it is neither; kit's errors of the server.
 */
export async function findPool(
  rpc: Rpc<GetMultipleAccountsApi>,
  mintOrPool: Address,
  options: ReadOptions = {},
): Promise<PoolAddresses> {
  const byMint = await poolAddresses(mintOrPool);
  const { accounts } = await readAccounts(rpc, [mintOrPool, byMint.pool], options);
  const [named, derived] = accounts.map(poolIn);
  if (derived) return byMint;
  if (named) return poolAddresses(named.mint);
  throw new FetchError(
    'noPool',
    `there is no pool at ${mintOrPool}, and ${mintOrPool} is not the share mint of one`,
    mintOrPool,
  );
}

/** The serial of the batch that a request joins now. */
export function batchToJoin({ pool, clock }: Pick<PoolState, 'pool' | 'clock'>): bigint {
  const isOpen = pool.nextBatch > 0n && pool.newestBatchEpoch === clock.epoch;
  return isOpen ? pool.nextBatch - 1n : pool.nextBatch;
}

function fixedKeys(addresses: PoolAddresses): readonly Address[] {
  const { pool, reserve } = addresses;
  return [pool, reserve, CLOCK_SYSVAR, SCHEDULE_SYSVAR, RENT_SYSVAR, REWARDS_SYSVAR];
}

function decodeFixed(
  addresses: PoolAddresses,
  { slot, accounts }: RawAccounts,
): Omit<PoolState, 'newestBatch' | 'openBatches'> {
  const must = (place: number, address: Address) => mustExist(accounts[place], address);
  const rewards = accounts[5];
  return {
    slot,
    addresses,
    pool: decodePoolAccount(must(0, addresses.pool)),
    reserveLamports: must(1, addresses.reserve).lamports,
    clock: decodeClock(must(2, CLOCK_SYSVAR).data),
    schedule: decodeSchedule(must(3, SCHEDULE_SYSVAR).data),
    rent: decodeRent(must(4, RENT_SYSVAR).data),
    isRewardsWindow: rewards ? decodeRewardsWindow(rewards.data) : false,
  };
}

async function readBatches(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  { oldestBatch, nextBatch }: Pool,
  options: ReadOptions,
): Promise<Pick<PoolState, 'newestBatch' | 'openBatches'>> {
  if (nextBatch === 0n) return { newestBatch: null, openBatches: [] };
  const newest = nextBatch - 1n;
  const serials: bigint[] = [];
  for (let serial = oldestBatch; serial < nextBatch; serial += 1n) {
    if (serial >= oldestBatch + BATCHES) break;
    serials.push(serial);
  }
  if (!serials.includes(newest)) serials.push(newest);
  const keys = await Promise.all(serials.map((serial) => batchAddress(addresses, serial)));
  const { accounts } = await readAccounts(rpc, keys, options);
  const batches = accounts
    .filter((account) => account?.owner === THAW_PROGRAM_ADDRESS)
    .flatMap((account) => (account === null ? [] : [decodeBatchAccount(account)]));
  return {
    newestBatch: batches.find(({ serial }) => serial === newest) ?? null,
    openBatches: batches.filter(({ serial }) => serial >= oldestBatch),
  };
}

function poolIn(account: RawAccount | null): Pool | null {
  if (account?.owner !== THAW_PROGRAM_ADDRESS) return null;
  try {
    return decodePoolAccount(account);
  } catch {
    return null;
  }
}
