import { getU64Decoder, type Address } from '@solana/kit';
import {
  CLOCK_SYSVAR,
  decodeClock,
  decodePoolAccount,
  decodeRent,
  decodeRewardsWindow,
  type ListedValidator,
  mustExist,
  readAccounts,
  type ReadBooks,
  readListed,
  type ReadProgress,
  RENT_SYSVAR,
  REWARDS_SYSVAR,
  slotKindOf,
  type PoolAddresses,
} from '@thaw/client';
import type { Reading, SlotReading, ValidatorReading } from './verification.js';

/** Offsets in a mint and in a token account. */
const SUPPLY_AT = 36;
const AMOUNT_AT = 64;

type ReadRpc = Parameters<typeof readAccounts>[0];

/**
 * Reads every stake account of a pool, then its books, all of them in one call and so of one slot.
 * What changed meanwhile is read again.
 *
 * Throws `FetchError` (with `moving` where other validators are listed five times meanwhile), an
 * `AbortError` when cancelled, and the server's errors.
 */
export async function readPool(
  rpc: ReadRpc,
  addresses: PoolAddresses,
  onProgress: (progress: ReadProgress) => void,
  abortSignal: AbortSignal,
): Promise<Reading> {
  const options = { abortSignal, onProgress };
  const readBooks: ReadBooks<Books> = (more) => readFixed(rpc, addresses, more, abortSignal);
  const { books, validators } = await readListed(rpc, addresses, readBooks, options);
  return { ...books.reading, validators: validators.map((one) => viewOf(one, books.authority)) };
}

type Books = {
  /** The pool's signer, whose stake accounts count. */
  readonly authority: Address;
  readonly reading: Omit<Reading, 'validators'>;
};

async function readFixed(
  rpc: ReadRpc,
  addresses: PoolAddresses,
  more: readonly Address[],
  abortSignal: AbortSignal,
): ReturnType<ReadBooks<Books>> {
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
  const { slot, accounts } = await readAccounts(rpc, [...keys, ...more], { abortSignal });
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
  return {
    books: { authority: pool.authority, reading },
    list: must(addresses.validators),
    more: accounts.slice(keys.length),
  };
}

function viewOf(validator: ListedValidator, authority: Address): ValidatorReading {
  const { index, vote, record, slotKeys, slots, isOlder } = validator;
  return {
    index,
    vote,
    bookedEpoch: record.bookedEpoch,
    isOlder,
    slots: slotKeys.map((address, slot): SlotReading => {
      const account = slots[slot] ?? null;
      const { kind } = slotKindOf(account, authority, vote);
      const isOurs = kind === 'initialized' || kind === 'delegated';
      return {
        address,
        chainLamports: isOurs && account !== null ? account.lamports : 0n,
        bookLamports: record.slots[slot]?.lamports ?? 0n,
        isForeign: account !== null && !isOurs,
      };
    }),
  };
}
