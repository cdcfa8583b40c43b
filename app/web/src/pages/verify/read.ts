import { getU64Decoder, type Address } from '@solana/kit';
import {
  CLOCK_SYSVAR,
  decodeClock,
  decodePoolAccount,
  decodeRent,
  decodeRewardsWindow,
  decodeValidators,
  FetchError,
  mustExist,
  readAccounts,
  RENT_SYSVAR,
  REWARDS_SYSVAR,
  slotAddressesByBump,
  slotKindOf,
  type PoolAddresses,
  type RawAccount,
  type ValidatorRecord,
} from '@thaw/client';
import type { Reading, SlotReading, ValidatorReading } from './verification.js';

/** Validators whose stake accounts one call reads: three accounts each, a hundred per call. */
const PER_CALL = 33;
/** Readings of a pool whose books change meanwhile. */
const ATTEMPTS = 5;
/** Offsets in a mint and in a token account. */
const SUPPLY_AT = 36;
const AMOUNT_AT = 64;

type ReadRpc = Parameters<typeof readAccounts>[0];

/** How far a reading is. */
export type ReadProgress = {
  /** Stake accounts that were read. */
  readonly done: number;
  readonly all: number;
  /** From 2 on: the books changed meanwhile, so all is read again. */
  readonly attempt: number;
};

/**
 * Reads every stake account of a pool, then its books, all of them in one call and so of one slot.
 * The validator list must be the one by which the stake accounts were read; else all is read again.
 *
 * Throws `FetchError` (with `moving` where the books change five times meanwhile), an `AbortError`
 * when cancelled, and the server's errors.
 */
export async function readAll(
  rpc: ReadRpc,
  addresses: PoolAddresses,
  onProgress: (progress: ReadProgress) => void,
  abortSignal: AbortSignal,
): Promise<Reading> {
  let fixed = await readFixed(rpc, addresses, abortSignal);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { list } = fixed;
    const records = listed(list);
    const found: (readonly [Address, RawAccount | null])[] = [];
    onProgress({ done: 0, all: records.length * 3, attempt });
    for (let at = 0; at < records.length; at += PER_CALL) {
      abortSignal.throwIfAborted();
      const chunk = records.slice(at, at + PER_CALL);
      const slots = chunk.map(({ vote, record }) =>
        slotAddressesByBump(
          addresses,
          vote,
          record.slots.map(({ bump }) => bump),
        ),
      );
      const keys = (await Promise.all(slots)).flat();
      const { accounts } = await readAccounts(rpc, keys, { abortSignal });
      keys.forEach((key, place) => found.push([key, accounts[place] ?? null]));
      onProgress({ done: found.length, all: records.length * 3, attempt });
    }
    fixed = await readFixed(rpc, addresses, abortSignal);
    if (isSame(list, fixed.list)) return { ...fixed.reading, validators: views(fixed, found) };
  }
  const words = 'the books change faster than they can be read; try again in a minute';
  throw new FetchError('moving', words, addresses.validators);
}

type Listed = { readonly index: number; readonly vote: Address; readonly record: ValidatorRecord };

function listed(list: RawAccount): Listed[] {
  return decodeValidators(list).records.flatMap((record, index) =>
    record.vote === null ? [] : [{ index, vote: record.vote, record }],
  );
}

type Fixed = {
  readonly list: RawAccount;
  /** The pool's signer, whose stake accounts count. */
  readonly authority: Address;
  readonly reading: Omit<Reading, 'validators'>;
};

async function readFixed(
  rpc: ReadRpc,
  addresses: PoolAddresses,
  abortSignal: AbortSignal,
): Promise<Fixed> {
  const keys = [
    addresses.pool,
    addresses.reserve,
    addresses.validators,
    addresses.mint,
    addresses.escrow,
    CLOCK_SYSVAR,
    RENT_SYSVAR,
    REWARDS_SYSVAR,
  ] as const;
  const { slot, accounts } = await readAccounts(rpc, keys, { abortSignal });
  const must = (key: (typeof keys)[number]) => mustExist(accounts[keys.indexOf(key)], key);
  const pool = decodePoolAccount(must(addresses.pool));
  const clock = decodeClock(must(CLOCK_SYSVAR).data);
  // Before the first rewards of a chain there is none.
  const rewards = accounts[keys.indexOf(REWARDS_SYSVAR)];
  const reading = {
    slot,
    epoch: clock.epoch,
    unixTime: clock.unixTimestamp,
    isRewardsWindow: !!rewards && decodeRewardsWindow(rewards.data),
    reserveAccountLamports: must(addresses.reserve).lamports,
    reserveRentLamports: decodeRent(must(RENT_SYSVAR).data).minimumBalance(0),
    books: {
      reserveLamports: pool.reserveLamports,
      stakedLamports: pool.stakedLamports,
      claimableLamports: pool.claimableLamports,
      pendingGainLamports: pool.pendingGainLamports,
      pendingLossLamports: pool.pendingLossLamports,
      pendingFeesLamports: pool.pendingFeesLamports,
      lockedGainLamports: pool.lockedGainLamports,
      releaseStart: pool.releaseStart,
      releaseEnd: pool.releaseEnd,
      shares: pool.shares,
      feeSharesOwed: pool.feeSharesOwed,
      pendingShares: pool.pendingShares,
      epoch: pool.epoch,
    },
    supply: getU64Decoder().decode(must(addresses.mint).data, SUPPLY_AT),
    escrowShares: getU64Decoder().decode(must(addresses.escrow).data, AMOUNT_AT),
  };
  return { list: must(addresses.validators), authority: pool.authority, reading };
}

function views(
  { list, authority }: Fixed,
  found: readonly (readonly [Address, RawAccount | null])[],
): ValidatorReading[] {
  return listed(list).map(({ index, vote, record }, place) => ({
    index,
    vote,
    bookedEpoch: record.bookedEpoch,
    slots: found.slice(place * 3, place * 3 + 3).map(([address, account], slot): SlotReading => {
      const { kind } = slotKindOf(account, authority, vote);
      const isOurs = kind === 'initialized' || kind === 'delegated';
      return {
        address,
        chainLamports: isOurs && account !== null ? account.lamports : 0n,
        bookLamports: record.slots[slot]?.lamports ?? 0n,
        isForeign: account !== null && !isOurs,
      };
    }),
  }));
}

function isSame(a: RawAccount, b: RawAccount): boolean {
  return a.data.length === b.data.length && a.data.every((byte, place) => byte === b.data[place]);
}
