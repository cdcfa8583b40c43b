import { type Address, getBase64Encoder } from '@solana/kit';
import { getStakePoolAccount } from '@solana/spl-stake-pool';
import { describe, expect, it } from 'vitest';
import { THAW_PROGRAM_ADDRESS } from '../src/index.js';
import { type Stored, vectors } from './vectors.js';

// A pool's view as the package sees it with which web pages read stake pools.

type Told = Record<'address' | 'mint' | 'authority' | 'operator' | 'treasury', Address> &
  Record<'epoch' | 'nav' | 'shares', string> &
  Record<'rewardFeeBps' | 'depositFeeBps' | 'stakeWithdrawalFeeBps', number> &
  Record<'instantFeeMinBps' | 'referralBps', number> & {
    account: Stored;
    worth: [shares: string, lamports: string][];
  };
type Asked = Parameters<typeof getStakePoolAccount>;

const views = Object.entries(vectors<Record<string, Told>>('spl-view'));

/** The package asks a server that has the view. */
async function read({ address, account: [owner, lamports, length, text] }: Told) {
  const data = Buffer.alloc(length);
  data.set(getBase64Encoder().encode(text));
  expect(owner).toBe(THAW_PROGRAM_ADDRESS);
  const server = {
    getAccountInfo: async (asked: unknown) =>
      asked === address ? { data, owner, lamports: Number(lamports), executable: false } : null,
  };
  const found = await getStakePoolAccount(
    server as unknown as Asked[0],
    address as unknown as Asked[1],
  );
  return found.account.data;
}

describe('the view for readers of SPL stake pools', () => {
  it.each(views)('agrees with the pool: %s', async (_, told) => {
    const pool = await read(told);
    const keys = [pool.manager, pool.staker, pool.poolMint, pool.managerFeeAccount];
    const expected = [told.authority, told.operator, told.mint, told.treasury];
    expect(keys.map((key) => key.toBase58())).toEqual(expected);
    expect(pool.accountType).toBe(1);
    expect(pool.lastUpdateEpoch.toString()).toBe(told.epoch);

    const [lamports, supply] = [pool.totalLamports, pool.poolTokenSupply];
    expect([lamports.toString(), supply.toString()]).toEqual([told.nav, told.shares]);
    for (const [shares, worth] of told.worth) {
      const value = (BigInt(shares) * BigInt(lamports.toString())) / BigInt(supply.toString());
      expect(value.toString(), `${shares} shares`).toBe(worth);
    }

    const parts = [
      [pool.epochFee, told.rewardFeeBps],
      [pool.stakeDepositFee, told.depositFeeBps],
      [pool.solDepositFee, told.depositFeeBps],
      [pool.stakeWithdrawalFee, told.stakeWithdrawalFeeBps],
      [pool.solWithdrawalFee, told.instantFeeMinBps],
    ] as const;
    for (const [{ numerator, denominator }, bps] of parts) {
      expect([numerator.toString(), denominator.toString()]).toEqual([String(bps), '10000']);
    }
    const referral = told.referralBps / 100;
    expect([pool.stakeReferralFee, pool.solReferralFee]).toEqual([referral, referral]);
    const unset = [
      pool.nextEpochFee,
      pool.nextStakeWithdrawalFee,
      pool.nextSolWithdrawalFee,
      pool.preferredDepositValidatorVoteAddress,
      pool.preferredWithdrawValidatorVoteAddress,
      pool.solDepositAuthority,
      pool.solWithdrawAuthority,
    ];
    expect(unset.every((part) => part === null || part === undefined)).toBe(true);
  });

  it('has the growth of the rate from epoch to epoch', async () => {
    const pools = await Promise.all(views.map(([, told]) => read(told)));
    const before = (pool: (typeof pools)[number]) => [
      pool.lastEpochTotalLamports.toString(),
      pool.lastEpochPoolTokenSupply.toString(),
    ];
    expect(pools.map(before)).toEqual([
      ['0', '0'],
      ...views.slice(0, -1).map(([, told]) => [told.nav, told.shares]),
    ]);
  });
});
