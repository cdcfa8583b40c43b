import type { Address, GetMultipleAccountsApi, Rpc } from '@solana/kit';
import { readAccounts, type ReadOptions } from './accounts.js';
import { formatSol } from './amount.js';
import { max, min, minusOrZero } from './math/amounts.js';
import type { PoolState } from './pool.js';
import { minDelegationOf, slotRentOf } from './price.js';
import { splCanGive, splPreferred, splStakeAccount } from './splAmounts.js';
import type { SplPool, SplValidator } from './splPool.js';
import { stakeRoom } from './stakeExits.js';
import { decodeStake } from './stakeView.js';
import type { ValidatorView } from './validators.js';
import { hasWeight } from './votes.js';

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

/** A validator of both pools. */
export type Fit = { validator: ValidatorView; entry: SplValidator };

/**
 * The validator of both pools that one gives `lamports` of and the other takes; of several the one
 * with most room here.
 *
 * @throws {@link MigrationError}; kit's errors of the server.
 */
export async function findValidator(
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
  // Both pools go by the stake program's minimum, which this one has asked it for.
  const least = minDelegationOf(state.pool);
  const preferred = splPreferred(from, rent, least);
  const wanted = lamports + rent;
  const misfits: Misfit[] = [];
  const fitting: (Fit & { room: bigint })[] = [];
  let most = 0n;
  for (const { validator, entry } of inCommon(input)) {
    const { vote } = entry;
    const gives = preferred !== null && preferred !== vote ? 0n : splCanGive(entry, rent, least);
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
    const reason = await unusable(rpc, from, entry, lamports + rent + least, options);
    if (reason === null) return { validator, entry };
    misfits.push({ vote: entry.vote, side: 'there', reason });
  }
  const tail =
    most >= least
      ? `${formatSol(most)} SOL fit at once: migrate less, or come again`
      : `none of them moves ${formatSol(least)} SOL now`;
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
