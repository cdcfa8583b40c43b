import {
  type Address,
  type Base58EncodedBytes,
  type Base64EncodedBytes,
  getBase64Encoder,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type Rpc,
} from '@solana/kit';
import { mustExist, readAccounts, type ReadOptions } from './accounts.js';
import { formatSol } from './amount.js';
import { CLOCK_SYSVAR, HISTORY_SYSVAR, STAKE_ACCOUNT_BYTES, STAKE_PROGRAM } from './constants.js';
import { minus } from './math/amounts.js';
import { COMMITMENT } from './pace.js';
import type { PoolState } from './pool.js';
import { slotRentOf } from './price.js';
import { quoteStakeDeposit } from './quotes.js';
import { isRefusal, type ThawRefusal } from './refusals.js';
import { hasRoomForStake } from './records.js';
import { stakeRoom } from './stakeExits.js';
import {
  decodeStake,
  type Effective,
  effectiveOf,
  isFullyActive,
  type StakeAccountState,
} from './stakeView.js';
import { decodeClock, decodeStakeHistory } from './sysvars.js';
import type { ValidatorView } from './validators.js';
import { hasWeight } from './votes.js';

/** Offset of the withdrawer in a stake account. */
const WITHDRAWER_AT = 44n;

/** A stake account of a wallet. */
export type StakeAccountView = {
  /** Its address. */
  address: Address;
  /** All its lamports, rent included. */
  lamports: bigint;
  /** Its state. */
  state: StakeAccountState;
  /** How much of it is active, warming and cooling, lamports. */
  effective: Effective;
};

/** Why a stake account cannot be deposited. */
export type StakeFault =
  | 'notDelegated'
  | 'deactivated'
  | 'notActive'
  | 'otherStaker'
  | 'otherWithdrawer'
  | 'lockup'
  | 'notListed'
  | 'noWeight'
  | 'noSlot'
  | 'noRoom'
  | 'lamportsOff'
  | 'poolClosed';

/** Whether a pool takes a stake account. */
export type StakeEligibility =
  | {
      /** It does. */
      eligible: true;
      /** Index of the validator's record. */
      index: number;
      /** The validator. */
      validator: ValidatorView;
    }
  | {
      /** It does not, now. */
      eligible: false;
      /** Why. */
      fault: StakeFault;
      /** The same in words. */
      reason: string;
      /** The pool's refusal, where the pool is closed for stake. */
      refusal: ThawRefusal | null;
    };

/**
 * The stake accounts that `owner` may withdraw from, the largest first.
 *
 * @throws kit's errors of the server: some do not offer `getProgramAccounts`.
 */
export async function fetchStakeAccounts(
  rpc: Rpc<GetMultipleAccountsApi & GetProgramAccountsApi>,
  owner: Address,
  options: ReadOptions = {},
): Promise<StakeAccountView[]> {
  const { abortSignal, commitment } = options;
  const bytes = owner as string as Base58EncodedBytes;
  const [found, { accounts }] = await Promise.all([
    rpc
      .getProgramAccounts(STAKE_PROGRAM, {
        commitment: commitment ?? COMMITMENT,
        encoding: 'base64',
        filters: [
          { dataSize: BigInt(STAKE_ACCOUNT_BYTES) },
          { memcmp: { offset: WITHDRAWER_AT, bytes, encoding: 'base58' } },
        ],
      })
      .send(abortSignal === undefined ? {} : { abortSignal }),
    readAccounts(rpc, [CLOCK_SYSVAR, HISTORY_SYSVAR], options),
  ]);
  const { epoch } = decodeClock(mustExist(accounts[0], CLOCK_SYSVAR).data);
  const history = accounts[1] ? decodeStakeHistory(accounts[1].data) : new Map();
  return found
    .flatMap(({ pubkey, account }): StakeAccountView[] => {
      const [text] = account.data as readonly [Base64EncodedBytes, 'base64'];
      const state = decodeStake(getBase64Encoder().encode(text));
      if (state === null) return [];
      const effective =
        state.kind === 'delegated'
          ? effectiveOf(state, epoch, history)
          : { effective: 0n, activating: 0n, deactivating: 0n };
      return [{ address: pubkey, lamports: BigInt(account.lamports), state, effective }];
    })
    .sort((a, b) => (a.lamports === b.lamports ? 0 : a.lamports > b.lamports ? -1 : 1));
}

/**
 * Whether the pool takes a stake account whole, as `deposit_stake` checks it. `owner`: who would sign;
 * by default the account's withdrawer.
 */
export function stakeEligibility(
  state: PoolState,
  validators: readonly ValidatorView[],
  account: StakeAccountView,
  owner: Address = account.state.withdrawer,
): StakeEligibility {
  const { state: stake, lamports, effective } = account;
  if (stake.kind !== 'delegated' || stake.vote === null) {
    return no('notDelegated', 'it is not delegated: withdraw it and deposit the SOL');
  }
  if (stake.deactivationEpoch !== null) {
    return no('deactivated', 'it is deactivated: withdraw it and deposit the SOL');
  }
  if (!isFullyActive(effective)) {
    return no('notActive', 'it is still warming up: come again in the next epoch');
  }
  if (stake.withdrawer !== owner) {
    return no('otherWithdrawer', `its withdrawer is ${stake.withdrawer}`);
  }
  if (stake.staker !== owner) return no('otherStaker', `its staker is ${stake.staker}`);
  if (stake.hasLockup) return no('lockup', 'it has a lock-up');
  const validator = validators.find(({ vote }) => vote === stake.vote);
  if (validator === undefined) {
    return no('notListed', `it is delegated to ${stake.vote}, which this pool does not list`);
  }
  const extra = minus(lamports, stake.delegation);
  const rent = slotRentOf(state.rent);
  if (extra === null || extra < rent || extra > rent * 2n) {
    const most = formatSol(rent * 2n);
    return no(
      'lamportsOff',
      `beside its delegation it must hold at least ${formatSol(rent)} and at most ${most} SOL`,
    );
  }
  const closed = refusalBy(() => quoteStakeDeposit(state, lamports));
  if (closed !== null) return no('poolClosed', closed.words, closed);
  return fits(state, validator, lamports);
}

function fits(state: PoolState, validator: ValidatorView, lamports: bigint): StakeEligibility {
  if (!hasWeight(state.pool, validator.record)) {
    return no('noWeight', 'its validator has no weight in this pool');
  }
  if (!hasRoomForStake(validator.record)) {
    return no('noSlot', 'its validator has no free stake slot in this epoch');
  }
  const room = stakeRoom(state, validator, lamports);
  if (room < lamports) {
    const words = `its validator has room for ${formatSol(room)} SOL now`;
    return no('noRoom', `${words}: split the account, or come again later`);
  }
  return { eligible: true, index: validator.index, validator };
}

function no(
  fault: StakeFault,
  reason: string,
  refusal: ThawRefusal | null = null,
): StakeEligibility {
  return { eligible: false, fault, reason, refusal };
}

function refusalBy(run: () => unknown): ThawRefusal | null {
  try {
    run();
    return null;
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
}
