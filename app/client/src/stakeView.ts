import {
  type Address,
  getAddressDecoder,
  getStructDecoder,
  getU32Decoder,
  getU64Decoder,
  type ReadonlyUint8Array,
} from '@solana/kit';
import type { RawAccount } from './accounts.js';
import { STAKE_ACCOUNT_BYTES, STAKE_PROGRAM, SYSTEM_PROGRAM, U64_MAX } from './constants.js';
import { min } from './math/amounts.js';
import type { StakeHistory, StakeHistoryEntry } from './sysvars.js';

/** A stake account's state, as far as pools care. */
export type StakeAccountState = {
  /** `initialized`: not delegated. */
  kind: 'uninitialized' | 'initialized' | 'delegated';
  /** May delegate it. */
  staker: Address;
  /** May withdraw from it. */
  withdrawer: Address;
  /** True where it has a lock-up, in force or not. */
  hasLockup: boolean;
  /** The vote account, where it is delegated. */
  vote: Address | null;
  /** The delegation, lamports; 0 where there is none. */
  delegation: bigint;
  /** Epoch of activation. */
  activationEpoch: bigint;
  /** Epoch of deactivation; `null` while not deactivated. */
  deactivationEpoch: bigint | null;
};

/** What a slot's account is, as the program sees it. */
export type SlotKind = 'foreign' | 'empty' | 'odd' | 'initialized' | 'delegated';

/** Warm-up and cool-down of a delegation, lamports. */
export type Effective = {
  /** Active now. */
  effective: bigint;
  /** Still warming up. */
  activating: bigint;
  /** Still cooling down. */
  deactivating: bigint;
};

/** A delegation, as warm-up and cool-down count it. */
export type Delegation = Pick<
  StakeAccountState,
  'delegation' | 'activationEpoch' | 'deactivationEpoch'
>;

/** Part of the cluster's active stake that may warm up or cool down per epoch, basis points. */
const RATE_BPS = 900n;
const BPS = 10_000n;

const stakeDecoder = getStructDecoder([
  ['tag', getU32Decoder()],
  ['rentReserve', getU64Decoder()],
  ['staker', getAddressDecoder()],
  ['withdrawer', getAddressDecoder()],
  ['lockupTime', getU64Decoder()],
  ['lockupEpoch', getU64Decoder()],
  ['custodian', getAddressDecoder()],
  ['vote', getAddressDecoder()],
  ['delegation', getU64Decoder()],
  ['activationEpoch', getU64Decoder()],
  ['deactivationEpoch', getU64Decoder()],
]);

/** Decodes a stake account; `null` where the bytes are none's. */
export function decodeStake(data: ReadonlyUint8Array): StakeAccountState | null {
  if (data.length < STAKE_ACCOUNT_BYTES) return null;
  const raw = stakeDecoder.decode(data);
  const kind = (['uninitialized', 'initialized', 'delegated'] as const)[raw.tag];
  if (kind === undefined) return null;
  const isDelegated = kind === 'delegated';
  return {
    kind,
    staker: raw.staker,
    withdrawer: raw.withdrawer,
    hasLockup: raw.lockupTime !== 0n || raw.lockupEpoch !== 0n || raw.custodian !== SYSTEM_PROGRAM,
    vote: isDelegated ? raw.vote : null,
    delegation: isDelegated ? raw.delegation : 0n,
    activationEpoch: isDelegated ? raw.activationEpoch : 0n,
    deactivationEpoch:
      isDelegated && raw.deactivationEpoch !== U64_MAX ? raw.deactivationEpoch : null,
  };
}

/**
 * A slot's account as the program sees it: ours where `authority` has both roles without a lock-up,
 * and where it is delegated, to `vote`.
 */
export function slotKindOf(
  account: RawAccount | null,
  authority: Address,
  vote: Address,
): { kind: SlotKind; state: StakeAccountState | null } {
  if (account === null || account.owner !== STAKE_PROGRAM) return { kind: 'foreign', state: null };
  const isEmpty = account.data.every((byte) => byte === 0);
  if (isEmpty) return { kind: 'empty', state: null };
  const state = decodeStake(account.data);
  if (state === null) return { kind: 'odd', state };
  if (state.kind === 'uninitialized') return { kind: 'empty', state };
  const isOurs = state.staker === authority && state.withdrawer === authority && !state.hasLockup;
  if (!isOurs || (state.kind === 'delegated' && state.vote !== vote)) return { kind: 'odd', state };
  return { kind: state.kind, state };
}

/** Lamports of a delegation that are effective in `epoch`, as the stake program counts them. */
export function effectiveOf(stake: Delegation, epoch: bigint, history: StakeHistory): Effective {
  const { delegation, activationEpoch, deactivationEpoch } = stake;
  const warm = warmUp(stake, epoch, history);
  if (deactivationEpoch === null || epoch < deactivationEpoch) {
    return { effective: warm, activating: startsBy(stake, epoch) - warm, deactivating: 0n };
  }
  if (epoch === deactivationEpoch) {
    return { effective: warm, activating: 0n, deactivating: warm };
  }
  const isGone = activationEpoch === deactivationEpoch || delegation === 0n;
  const left = isGone ? 0n : coolDown(warm, deactivationEpoch, epoch, history);
  return { effective: left, activating: 0n, deactivating: left };
}

/** True where all of it is active and stays so. */
export function isFullyActive({ effective, activating, deactivating }: Effective): boolean {
  return effective > 0n && activating === 0n && deactivating === 0n;
}

/** The whole delegation from its activation epoch on, else nothing. */
function startsBy(stake: Delegation, epoch: bigint): bigint {
  if (stake.activationEpoch === U64_MAX) return stake.delegation;
  const isInstantlyOver = stake.activationEpoch === stake.deactivationEpoch;
  return isInstantlyOver || epoch < stake.activationEpoch ? 0n : stake.delegation;
}

/** What has become active. */
function warmUp(stake: Delegation, epoch: bigint, history: StakeHistory): bigint {
  const { delegation, activationEpoch, deactivationEpoch } = stake;
  // A stake of the genesis block.
  if (activationEpoch === U64_MAX) return delegation;
  if (activationEpoch === deactivationEpoch || epoch <= activationEpoch) return 0n;
  let entry = history.get(activationEpoch);
  if (entry === undefined) return delegation;
  let active = 0n;
  for (let current = activationEpoch + 1n; entry !== undefined; current += 1n) {
    if (entry.activating === 0n) break;
    const step = allowance(delegation - active, entry.activating, entry);
    active += step > 0n ? step : 1n;
    if (active >= delegation) return delegation;
    if (current >= epoch || (deactivationEpoch !== null && current >= deactivationEpoch)) break;
    entry = history.get(current);
  }
  return active;
}

/** What is still active of `warm` lamports that were deactivated in `since`. */
function coolDown(warm: bigint, since: bigint, epoch: bigint, history: StakeHistory): bigint {
  let entry = history.get(since);
  if (entry === undefined) return 0n;
  let left = warm;
  for (let current = since + 1n; entry !== undefined; current += 1n) {
    if (entry.deactivating === 0n) break;
    const step = allowance(left, entry.deactivating, entry);
    left -= min(step > 0n ? step : 1n, left);
    if (left === 0n || current >= epoch) break;
    entry = history.get(current);
  }
  return left;
}

/** An account's share of what the cluster lets change in an epoch. */
function allowance(own: bigint, all: bigint, { effective }: StakeHistoryEntry): bigint {
  if (own === 0n || all === 0n || effective === 0n) return 0n;
  return min((own * effective * RATE_BPS) / (all * BPS), own);
}
