import type { Address, GetMultipleAccountsApi, Rpc } from '@solana/kit';
import { mustExist, type RawAccount, readAccounts, type ReadOptions } from './accounts.js';
import { type PoolAddresses, slotAddressesByBump } from './addresses.js';
import { HISTORY_SYSVAR, SLOTS } from './constants.js';
import { decodeValidators } from './decode.js';
import { targetAfter } from './flowTargets.js';
import { readListed } from './listed.js';
import { type PoolState, readPool } from './pool.js';
import { slotRentOf } from './price.js';
import { lamportsIn, stakedLamports, type ValidatorRecord, weightIn } from './records.js';
import { type Effective, effectiveOf, type SlotKind, slotKindOf } from './stakeView.js';
import { decodeStakeHistory, type StakeHistory } from './sysvars.js';
import {
  decodeVote,
  type Seat,
  type ShownViolation,
  statusOf,
  type ValidatorStatus,
  violationOf,
  VOTE_HEAD_BYTES,
} from './votes.js';

/** A stake slot as the chain has it. */
export type SlotView = {
  /** Its address. */
  address: Address;
  /** Its lamports, rent included; 0 where there is no account. */
  lamports: bigint;
  /** What it is, as the program sees it. */
  kind: SlotKind;
  /** Epoch of activation, where it is delegated. */
  activationEpoch: bigint | null;
  /** Epoch of deactivation, where it is deactivated. */
  deactivationEpoch: bigint | null;
  /** The delegation, lamports. */
  delegation: bigint;
};

/** A listed validator: what the pool recorded and what the chain has. */
export type ValidatorView = {
  /** Index of its record, which instructions name. */
  index: number;
  /** Its vote account. */
  vote: Address;
  /** Its record. */
  record: ValidatorRecord;
  /** Its three stake slots. */
  slots: SlotView[];
  /** What its vote account offers: whether it can be delegated to, and admitted. */
  seat: Seat;
  /** Its node. */
  identity: Address | null;
  /** Part of the inflation rewards that it keeps, basis points. */
  commissionBps: number | null;
  /** Weight that counts now. */
  weight: number;
  /** Recorded working and warming stake, lamports without rent. */
  stakedLamports: bigint;
  /** Recorded cooling stake, lamports without rent. */
  coolingLamports: bigint;
  /** What it should hold, lamports. */
  target: bigint;
  /** How much of its stake is active, warming and cooling, lamports. */
  effective: Effective;
  /** What it does for the pool. */
  status: ValidatorStatus;
  /** The rule that it breaks. */
  violation: ShownViolation | null;
};

/** A pool and its validators. */
export type Snapshot = {
  /** The pool. */
  state: PoolState;
  /** Its validators. */
  validators: ValidatorView[];
};

/**
 * Reads the listed validators of a pool: its list, every stake slot, the heads of the vote accounts.
 * Three calls per hundred validators and one more. Compare with books by {@link fetchSnapshot}, which
 * reads both as of one list.
 *
 * @throws {@link FetchError}; kit's errors of the server.
 */
export async function fetchValidators(
  rpc: Rpc<GetMultipleAccountsApi>,
  state: PoolState,
  options: ReadOptions = {},
): Promise<ValidatorView[]> {
  const { validators } = state.addresses;
  const { accounts } = await readAccounts(rpc, [validators], options);
  const { records } = decodeValidators(mustExist(accounts[0], validators));
  const chain = await readChain(rpc, state.addresses, records, options);
  return viewsOf(state, chain);
}

/**
 * Reads a pool with its validators so that books and chain can be compared: the pool and its list
 * come last, in one call, and a validator whose record changed meanwhile is read again; see
 * {@link readListed}.
 *
 * @throws {@link FetchError}, with the fault `moving` where other validators are listed five times
 * meanwhile; kit's errors of the server.
 */
export async function fetchSnapshot(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  options: ReadOptions = {},
): Promise<Snapshot> {
  const readBooks = async (slots: readonly Address[]) => {
    const wanted = [addresses.validators, ...slots];
    const { state, more } = await readPool(rpc, addresses, wanted, options);
    const [list, ...accounts] = more;
    return { books: state, list: mustExist(list, addresses.validators), more: accounts };
  };
  const { books, validators } = await readListed(rpc, addresses, readBooks, options);
  const chain = {
    listed: validators,
    slotKeys: validators.flatMap(({ slotKeys }) => slotKeys),
    slots: validators.flatMap(({ slots }) => slots),
    ...(await readVotes(rpc, validators, options)),
  };
  return { state: books, validators: viewsOf(books, chain) };
}

/** What was read of the validators. */
export type ValidatorChain = {
  /** Records with their places and vote accounts. */
  listed: readonly { index: number; vote: Address; record: ValidatorRecord }[];
  /** Addresses of the slots, three each. */
  slotKeys: readonly Address[];
  /** The slots' accounts, three each. */
  slots: readonly (RawAccount | null)[];
  /** The heads of the vote accounts. */
  votes: readonly (RawAccount | null)[];
  /** How stake warmed up and cooled down. */
  history: StakeHistory;
};

/** Puts together what was read of a pool's validators. */
export function viewsOf(state: PoolState, chain: ValidatorChain): ValidatorView[] {
  const rent = slotRentOf(state.rent);
  const { pool, clock } = state;
  return chain.listed.map(({ index, vote, record }, place) => {
    const head = decodeVote(chain.votes[place] ?? null);
    const effective: Effective = { effective: 0n, activating: 0n, deactivating: 0n };
    const slots = Array.from({ length: SLOTS }, (_, slot): SlotView => {
      const at = place * SLOTS + slot;
      const account = chain.slots[at] ?? null;
      const { kind, state: stake } = slotKindOf(account, pool.authority, vote);
      const isOurs = kind === 'delegated' && stake !== null;
      if (isOurs) {
        const part = effectiveOf(stake, clock.epoch, chain.history);
        effective.effective += part.effective;
        effective.activating += part.activating;
        effective.deactivating += part.deactivating;
      }
      return {
        address: chain.slotKeys[at] ?? state.addresses.pool,
        lamports: account?.lamports ?? 0n,
        kind,
        activationEpoch: isOurs ? stake.activationEpoch : null,
        deactivationEpoch: isOurs ? stake.deactivationEpoch : null,
        delegation: isOurs ? stake.delegation : 0n,
      };
    });
    return {
      index,
      vote,
      record,
      slots,
      ...head,
      weight: weightIn(record, pool),
      stakedLamports: stakedLamports(record, rent),
      coolingLamports: lamportsIn(record, ['cooling'], rent),
      target: targetAfter(state, record, 0n) ?? 0n,
      effective,
      status: statusOf(state, record, head.seat),
      violation: violationOf(state, { record, ...head }),
    };
  });
}

async function readChain(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  records: readonly ValidatorRecord[],
  options: ReadOptions,
): Promise<ValidatorChain> {
  const listed = records.flatMap((record, index) =>
    record.vote === null ? [] : [{ index, vote: record.vote, record }],
  );
  const slotKeys = (
    await Promise.all(
      listed.map(({ vote, record }) =>
        slotAddressesByBump(
          addresses,
          vote,
          record.slots.map(({ bump }) => bump),
        ),
      ),
    )
  ).flat();
  const [slots, heads] = await Promise.all([
    readAccounts(rpc, slotKeys, options),
    readVotes(rpc, listed, options),
  ]);
  return { listed, slotKeys, slots: slots.accounts, ...heads };
}

/** The heads of the vote accounts, and how stake warmed up and cooled down. */
async function readVotes(
  rpc: Rpc<GetMultipleAccountsApi>,
  listed: readonly { vote: Address }[],
  options: ReadOptions,
): Promise<Pick<ValidatorChain, 'votes' | 'history'>> {
  const keys = listed.map(({ vote }) => vote);
  const dataSlice = { offset: 0, length: VOTE_HEAD_BYTES };
  const [votes, history] = await Promise.all([
    readAccounts(rpc, keys, { ...options, dataSlice }),
    readAccounts(rpc, [HISTORY_SYSVAR], options),
  ]);
  const [sysvar] = history.accounts;
  return {
    votes: votes.accounts,
    history: sysvar ? decodeStakeHistory(sysvar.data) : new Map(),
  };
}
