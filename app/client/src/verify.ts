import type { Address } from '@solana/kit';
import { minusOrZero } from './math/amounts.js';
import type { PoolState } from './pool.js';
import type { ValidatorView } from './validators.js';

/** A stake account that does not hold what the books say. */
export type SlotDifference = {
  /** The stake account. */
  address: Address;
  /** Its validator's vote account. */
  vote: Address;
  /** Index of the validator's record. */
  index: number;
  /** Place of the slot, 0 to 2. */
  slot: number;
  /** Lamports on chain, 0 where the account is not the pool's. */
  onChain: bigint;
  /** Lamports in the books. */
  inBooks: bigint;
};

/** What the chain holds beside what the books say, all in lamports. */
export type Verification = {
  /** The reserve without its own rent, and every stake account that is the pool's. */
  lamportsOnChain: bigint;
  /** The same by the books, settled tickets included. */
  lamportsInBooks: bigint;
  /** The reserve without its own rent. */
  reserveOnChain: bigint;
  /** The reserve by the books, settled tickets included. */
  reserveInBooks: bigint;
  /** Stake accounts that are the pool's. */
  stakeAccounts: number;
  /** Stake accounts that hold more or less than recorded: rewards, tips or slashes to be booked. */
  differences: SlotDifference[];
  /** True where the chain holds at least what the books say. */
  isCovered: boolean;
};

/**
 * Compares every stake account and the reserve with the books. Both must be of one reading, see
 * `fetchSnapshot`. Between an epoch's start and its sync, rewards make the chain hold more.
 */
export function verify(state: PoolState, views: readonly ValidatorView[]): Verification {
  const { pool, rent } = state;
  const reserveOnChain = minusOrZero(state.reserveLamports, rent.minimumBalance(0));
  const reserveInBooks = pool.reserveLamports + pool.claimableLamports;
  let [stakeAccounts, staked] = [0, 0n];
  const differences: SlotDifference[] = [];
  for (const { index, vote, record, slots } of views) {
    for (const [slot, { address, lamports, kind }] of slots.entries()) {
      const isOurs = kind === 'initialized' || kind === 'delegated';
      const onChain = isOurs ? lamports : 0n;
      const inBooks = record.slots[slot]?.lamports ?? 0n;
      if (isOurs) stakeAccounts += 1;
      staked += onChain;
      if (onChain !== inBooks) differences.push({ address, vote, index, slot, onChain, inBooks });
    }
  }
  const lamportsOnChain = reserveOnChain + staked;
  const lamportsInBooks = reserveInBooks + pool.stakedLamports;
  return {
    lamportsOnChain,
    lamportsInBooks,
    reserveOnChain,
    reserveInBooks,
    stakeAccounts,
    differences,
    isCovered: lamportsOnChain >= lamportsInBooks,
  };
}
