import {
  AccountRole,
  type Address,
  getU64Encoder,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type Instruction,
  type Rpc,
} from '@solana/kit';
import { readAccounts, type ReadOptions } from './accounts.js';
import { formatSol } from './amount.js';
import { CLOCK_SYSVAR, MIN_DELEGATION, STAKE_PROGRAM } from './constants.js';
import { max, min, minusOrZero } from './math/amounts.js';
import type { PoolState } from './pool.js';
import { slotRentOf } from './price.js';
import { type DepositQuote, quoteStakeDeposit } from './quotes.js';
import { ThawRefusal } from './refusals.js';
import {
  splCanGive,
  splPreferred,
  type SplPool,
  splStakeAccount,
  splTokenAccount,
  type SplValidator,
  type SplWithdrawal,
  splWithdrawal,
  splWithdrawAuthority,
} from './splPool.js';
import { stakeRoom } from './stakeExits.js';
import { decodeStake } from './stakeView.js';
import {
  createStakeAccount,
  depositStake,
  newStakeAddress,
  signerOf,
  type WalletFlow,
} from './transactions.js';
import type { ValidatorView } from './validators.js';
import { hasWeight } from './votes.js';

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

/** Why a validator does not fit a migration. */
export type Misfit = {
  /** Its vote account. */
  vote: Address;
  /** Which pool stands in the way. */
  side: 'there' | 'here';
  /** Why, in words. */
  reason: string;
};

/** A migration that no validator of both pools fits. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    message: string,
    /** Why each validator in common does not fit. */
    readonly misfits: readonly Misfit[],
    /** The most stake that would fit at once, lamports. */
    readonly mostLamports: bigint,
  ) {
    super(message);
  }
}

/**
 * Plans to move `tokens` of an SPL stake pool here: what they are paid, by the stake of which
 * validator, and what that buys. Of several validators the one with most room here.
 *
 * @throws {@link ThawRefusal} where either pool would refuse: the stake pool is not updated, less than
 * 1 SOL, this pool is closed for stake; {@link MigrationError} where no validator fits; kit's errors
 * of the server.
 */
export async function planMigration(
  rpc: Rpc<GetMultipleAccountsApi & GetProgramAccountsApi>,
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
  if (paid === null || paid.lamports < MIN_DELEGATION) {
    const [found, allowed] = [paid?.lamports ?? 0n, MIN_DELEGATION];
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

type Fit = { validator: ValidatorView; entry: SplValidator };

async function findValidator(
  rpc: Rpc<GetMultipleAccountsApi>,
  input: {
    state: PoolState;
    validators: readonly ValidatorView[];
    from: SplPool;
    vote?: Address | undefined;
  },
  lamports: bigint,
  options: ReadOptions,
): Promise<Fit> {
  const { state, from } = input;
  const rent = slotRentOf(state.rent);
  const preferred = splPreferred(from, rent);
  const wanted = lamports + rent;
  const misfits: Misfit[] = [];
  const fitting: (Fit & { room: bigint })[] = [];
  let most = 0n;
  for (const { validator, entry } of inCommon(input)) {
    const { vote } = entry;
    const gives = preferred !== null && preferred !== vote ? 0n : splCanGive(entry, rent);
    // How much more than wanted it has room for tells which one to take.
    const room = stakeRoom(state, validator, wanted * 2n);
    most = max(most, min(gives, minusOrZero(room, rent)));
    if (gives < lamports) {
      misfits.push({ vote, side: 'there', reason: why(preferred, entry, gives) });
    } else if (room < wanted) {
      misfits.push({ vote, side: 'here', reason: whyHere(state, validator, room, rent) });
    } else {
      fitting.push({ room, validator, entry });
    }
  }
  fitting.sort((a, b) => (a.room === b.room ? 0 : a.room > b.room ? -1 : 1));
  for (const { validator, entry } of fitting) {
    const reason = await unusable(rpc, from, entry, lamports + rent + MIN_DELEGATION, options);
    if (reason === null) return { validator, entry };
    misfits.push({ vote: entry.vote, side: 'there', reason });
  }
  const tail =
    most >= MIN_DELEGATION
      ? `${formatSol(most)} SOL fit at once: migrate less, or come again`
      : 'none of them moves 1 SOL now';
  const words = `no validator of both pools fits ${formatSol(lamports)} SOL: ${tail}`;
  throw new MigrationError(words, misfits, most);
}

function inCommon(input: {
  validators: readonly ValidatorView[];
  from: SplPool;
  vote?: Address | undefined;
}): Fit[] {
  const entries = new Map(input.from.validators.map((entry) => [entry.vote, entry]));
  const common = input.validators.flatMap((validator) => {
    const entry = entries.get(validator.vote);
    return entry === undefined ? [] : [{ validator, entry }];
  });
  const named = common.filter(({ entry }) => input.vote === undefined || entry.vote === input.vote);
  if (named.length > 0) return named;
  const [here, there] = [input.validators.length, input.from.validators.length];
  const words =
    input.vote === undefined
      ? `the pools have no validator in common: ${here} are listed here, ${there} in the stake pool`
      : `${input.vote} is not a validator of both pools`;
  throw new MigrationError(words, [], 0n);
}

function why(preferred: Address | null, entry: SplValidator, gives: bigint): string {
  if (preferred !== null && preferred !== entry.vote) {
    return `the stake pool gives stake of ${preferred} first`;
  }
  if (entry.status !== 0) return 'the stake pool is removing it';
  return `the stake pool gives ${formatSol(gives)} SOL of it`;
}

function whyHere(state: PoolState, validator: ValidatorView, room: bigint, rent: bigint): string {
  if (!hasWeight(state.pool, validator.record)) return 'it has no weight here';
  return `there is room for ${formatSol(minusOrZero(room, rent))} SOL here`;
}

/** What makes a stake pool's stake account unusable beside its size: the list can be behind. */
async function unusable(
  rpc: Rpc<GetMultipleAccountsApi>,
  from: SplPool,
  entry: SplValidator,
  needed: bigint,
  options: ReadOptions,
): Promise<string | null> {
  const { accounts } = await readAccounts(rpc, [await splStakeAccount(from, entry)], options);
  const account = accounts[0] ?? null;
  if (account === null) return 'its stake account is gone';
  const stake = decodeStake(account.data);
  const isActive = stake?.kind === 'delegated' && stake.deactivationEpoch === null;
  if (!isActive) return 'its stake is deactivated';
  return account.lamports < needed ? 'its stake account is smaller than listed' : null;
}
