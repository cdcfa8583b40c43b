import {
  AccountRole,
  type Address,
  getU64Encoder,
  type GetMultipleAccountsApi,
  type Instruction,
  type Rpc,
} from '@solana/kit';
import type { ReadOptions } from './accounts.js';
import { CLOCK_SYSVAR, STAKE_PROGRAM } from './constants.js';
import { findValidator } from './migrationSearch.js';
import type { PoolState } from './pool.js';
import { minDelegationOf, slotRentOf } from './price.js';
import { type DepositQuote, quoteStakeDeposit } from './quotes.js';
import { ThawRefusal } from './refusals.js';
import {
  splStakeAccount,
  splTokenAccount,
  type SplWithdrawal,
  splWithdrawal,
  splWithdrawAuthority,
} from './splAmounts.js';
import type { SplPool, SplValidator } from './splPool.js';
import { createStakeAccount, depositStake, newStakeAddress } from './stakeTransactions.js';
import type { ValidatorView } from './validators.js';
import { signerOf, type WalletFlow } from './wallets.js';

/** `StakePoolInstruction::WithdrawStake`. */
const WITHDRAW_STAKE = 10;
/** Code of `StakePoolError::StakeListAndPoolOutOfDate`. */
const OUT_OF_DATE = 17;

/** A migration that both pools let through. */
export type MigrationPlan = {
  /** The stake pool that is left. */
  from: SplPool;
  /** Whose stake moves, in the stake pool. */
  entry: SplValidator;
  /** Whose stake moves, here. */
  validator: ValidatorView;
  /** What the tokens are paid. */
  withdrawal: SplWithdrawal;
  /** Rent of the stake account between the pools, lamports: advanced, and deposited with the stake. */
  rentLamports: bigint;
  /** What stake and rent buy here. */
  quote: DepositQuote;
};

/**
 * Plans to move `tokens` of an SPL stake pool here: what they are paid, by the stake of which
 * validator, and what that buys. Of several validators the one with most room here.
 *
 * @throws {@link ThawRefusal} where either pool would refuse: the stake pool is not updated, less than
 * the minimum delegation, this pool is closed for stake; `MigrationError` where no validator fits; kit's errors
 * of the server.
 */
export async function planMigration(
  rpc: Rpc<GetMultipleAccountsApi>,
  input: {
    state: PoolState;
    validators: readonly ValidatorView[];
    from: SplPool;
    owner: Address;
    tokens: bigint;
    vote?: Address | undefined;
  },
  options: ReadOptions = {},
): Promise<MigrationPlan> {
  const { state, from, owner, tokens } = input;
  if (from.lastUpdateEpoch < state.clock.epoch) {
    const words = `the stake pool ${from.address} was not updated in this epoch: have its update run first`;
    throw new ThawRefusal(null, OUT_OF_DATE, words, { program: from.program });
  }
  const paid = splWithdrawal(from, tokens, await splTokenAccount(from, owner));
  const allowed = minDelegationOf(state.pool);
  if (paid === null || paid.lamports < allowed) {
    const found = paid?.lamports ?? 0n;
    throw ThawRefusal.ofRule('BelowMinimumDelegation', { found, allowed });
  }
  const rentLamports = slotRentOf(state.rent);
  const quote = quoteStakeDeposit(state, paid.lamports + rentLamports);
  const fit = await findValidator(rpc, input, paid.lamports, options);
  return { from, ...fit, withdrawal: paid, rentLamports, quote };
}

/**
 * The instructions of a migration: one transaction, all or nothing. `seed`: of the stake account
 * between the pools, see `newStakeSeed`; it is gone afterwards. `minOut`: least shares to accept.
 */
export async function migrate(
  input: WalletFlow & { plan: MigrationPlan; seed: string; minOut: bigint; recipient?: Address },
): Promise<Instruction[]> {
  const { plan, state, minOut, recipient } = input;
  const owner = signerOf(input.owner);
  const stake = await newStakeAddress(owner.address, input.seed);
  const [open, deposit] = await depositStake({
    state,
    owner,
    account: { address: stake },
    validator: plan.validator,
    minOut,
    ...(recipient === undefined ? {} : { recipient }),
  });
  if (open === undefined || deposit === undefined) throw new TypeError('no deposit');
  return [
    open,
    createStakeAccount(owner, stake, input.seed, plan.rentLamports),
    await splWithdrawStake(plan, owner.address, stake),
    deposit,
  ];
}

/** Pays tokens in stake into `stake`, a fresh stake account; `owner` signs and gets its authorities. */
async function splWithdrawStake(
  { from, entry, withdrawal }: MigrationPlan,
  owner: Address,
  stake: Address,
): Promise<Instruction> {
  const [authority, source, tokens] = await Promise.all([
    splWithdrawAuthority(from),
    splStakeAccount(from, entry),
    splTokenAccount(from, owner),
  ]);
  const data = new Uint8Array(9);
  data[0] = WITHDRAW_STAKE;
  data.set(getU64Encoder().encode(withdrawal.tokens), 1);
  const { READONLY, WRITABLE, READONLY_SIGNER } = AccountRole;
  const accounts: [Address, AccountRole][] = [
    [from.address, WRITABLE],
    [from.validatorList, WRITABLE],
    [authority, READONLY],
    [source, WRITABLE],
    [stake, WRITABLE],
    [owner, READONLY],
    [owner, READONLY_SIGNER],
    [tokens, WRITABLE],
    [from.managerFeeAccount, WRITABLE],
    [from.mint, WRITABLE],
    [CLOCK_SYSVAR, READONLY],
    [from.tokenProgram, READONLY],
    [STAKE_PROGRAM, READONLY],
  ];
  return {
    programAddress: from.program,
    accounts: accounts.map(([address, role]) => ({ address, role })),
    data,
  };
}
