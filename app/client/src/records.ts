import {
  type Address,
  fixDecoderSize,
  getAddressDecoder,
  getArrayDecoder,
  getBytesDecoder,
  getStructDecoder,
  getU16Decoder,
  getU32Decoder,
  getU64Decoder,
  getU8Decoder,
  padLeftDecoder,
  type ReadonlyUint8Array,
} from '@solana/kit';
import { SLOTS, SYSTEM_PROGRAM } from './constants.js';
import type { Pool } from './generated/index.js';
import { minusOrZero } from './math/amounts.js';
import type { FlowValidator } from './math/flow.js';
import { deficitAfter } from './math/standing.js';
import { isWindingDown } from './gates.js';

/** Bytes of a record. */
export const RECORD_BYTES = 192;
/** `main` where no slot is the main one. */
const NO_MAIN = 0xff;
/** A yield of an epoch that was not sampled. */
const NO_YIELD = 0xffff_ffff;

/** What a stake slot is used for, as recorded. */
export type SlotState = 'closed' | 'open' | 'activating' | 'active' | 'cooling' | 'odd';

/** A stake slot as recorded. */
export type RecordedSlot = {
  /** Lamports at the last booking, rent included. */
  lamports: bigint;
  /** Epoch of activation or deactivation, by `state`. */
  epoch: bigint;
  /** What it is used for. */
  state: SlotState;
  /** Bump of its address. */
  bump: number;
};

/** A listed validator as recorded. The accounts' layout is that of `state/record.rs`. */
export type ValidatorRecord = {
  /** Vote account; `null` for a free record. */
  vote: Address | null;
  /** The three stake slots. */
  slots: RecordedSlot[];
  /** Epoch of the last booking. */
  bookedEpoch: bigint;
  /** Gain booked in that epoch, lamports. */
  gainLamports: bigint;
  /** Loss booked in that epoch, lamports. */
  lossLamports: bigint;
  /** Pool epoch at which `nextWeight` was set: it counts once the pool's epoch is beyond. */
  weightEpoch: bigint;
  /** Delegation of the main slot at the last booking, lamports. */
  sampledLamports: bigint;
  /** Weight in effect while the pool's epoch is `weightEpoch`. */
  weight: number;
  /** Weight from the finalize after `weightEpoch`. */
  nextWeight: number;
  /** Weight that a review set aside. */
  asideWeight: number;
  /** What the main slot earned per epoch, parts per billion, newest first; `null` if not sampled. */
  yieldsPpb: (number | null)[];
  /** Epoch of the last review that changed something. */
  reviewedEpoch: bigint;
  /** A slot held an account the program cannot account for. */
  isOdd: boolean;
  /** A review set its weight aside. */
  isSetAside: boolean;
  /** The operator removes it. */
  isLeaving: boolean;
  /** Index of the main slot. */
  main: number | null;
  /** Times it was set aside, less one for every 32 epochs without a review. */
  relapses: number;
  /** Compliant epochs in a row. */
  compliant: number;
  /** Leader windows that it could expect in the epoch of the newest sample, sixteenths. */
  windows16: number;
  /**
   * How much the yield of the running epoch is diluted, per cent rounded up: the stake that shares the
   * epoch's credits over the stake that makes them. 0 if no stake makes any, or it is not known.
   */
  dilutionPercent: number;
  /**
   * What its stake earned less than it should, summed up over the epochs before the newest sample,
   * millionths of a leader window's yield.
   */
  deficitPpm: number;
  /** Its stake that is effective in `bookedEpoch`, whole SOL; 0 if it is not known. */
  epochStakeSol: number;
};

/** A weight and the sum of all weights that it is a part of. */
export type WeightPart = Pick<FlowValidator, 'weight' | 'weightSum'>;

const STATES: readonly SlotState[] = ['closed', 'open', 'activating', 'active', 'cooling', 'odd'];
const ODD_SLOT = 1;
const SET_ASIDE = 2;
const LEAVING = 4;

const slotDecoder = getStructDecoder([
  ['lamports', getU64Decoder()],
  ['epoch', getU64Decoder()],
  ['state', getU8Decoder()],
  ['bump', getU8Decoder()],
  ['padding', fixDecoderSize(getBytesDecoder(), 6)],
]);

const recordDecoder = getStructDecoder([
  ['vote', getAddressDecoder()],
  ['slots', getArrayDecoder(slotDecoder, { size: SLOTS })],
  ['bookedEpoch', getU64Decoder()],
  ['gainLamports', getU64Decoder()],
  ['lossLamports', getU64Decoder()],
  ['weightEpoch', getU64Decoder()],
  ['sampledLamports', getU64Decoder()],
  ['weight', getU32Decoder()],
  ['nextWeight', getU32Decoder()],
  ['asideWeight', getU32Decoder()],
  ['yieldsPpb', getArrayDecoder(getU32Decoder(), { size: 3 })],
  ['reviewedEpoch', getU64Decoder()],
  ['flags', getU8Decoder()],
  ['main', getU8Decoder()],
  ['relapses', getU8Decoder()],
  ['compliant', getU8Decoder()],
  // After the marker's bump.
  ['windows16', padLeftDecoder(getU8Decoder(), 1)],
  ['dilutionPercent', getU16Decoder()],
  ['deficitPpm', getU32Decoder()],
  ['epochStakeSol', getU32Decoder()],
]);

/** The record at `offset` of a validator list's data. */
export function decodeRecord(data: ReadonlyUint8Array, offset = 0): ValidatorRecord {
  const { flags, ...raw } = recordDecoder.decode(data, offset);
  return {
    ...raw,
    // Zeros, which is the system program's address too.
    vote: raw.vote === SYSTEM_PROGRAM ? null : raw.vote,
    slots: raw.slots.map(({ lamports, epoch, state, bump }) => ({
      lamports,
      epoch,
      state: STATES[state] ?? 'closed',
      bump,
    })),
    yieldsPpb: raw.yieldsPpb.map((ppb) => (ppb === NO_YIELD ? null : ppb)),
    isOdd: (flags & ODD_SLOT) !== 0,
    isSetAside: (flags & SET_ASIDE) !== 0,
    isLeaving: (flags & LEAVING) !== 0,
    main: raw.main < SLOTS && raw.main !== NO_MAIN ? raw.main : null,
  };
}

/** True where a sync must read the slot. */
export function isHeldSlot(slot: RecordedSlot): boolean {
  return slot.state === 'activating' || slot.state === 'active' || slot.state === 'cooling';
}

/** The weight that keeps stake here, the one in effect: none does once the pool winds down. */
export function weightIn(record: ValidatorRecord, pool: Pool): number {
  if (isWindingDown(pool)) return 0;
  return pool.epoch > record.weightEpoch ? record.nextWeight : record.weight;
}

/** The weight that keeps stake here, and the sum it is a part of. */
export function keepingPartIn(record: ValidatorRecord, pool: Pool): WeightPart {
  return { weight: BigInt(weightIn(record, pool)), weightSum: pool.weightSum };
}

/**
 * The weight that attracts stake, and the sum it is a part of: those in effect or those to come,
 * whichever part is smaller. A weight that was just set aside or lowered draws nothing any more, one
 * that was raised not yet.
 */
export function attractingPartIn(record: ValidatorRecord, pool: Pool): WeightPart {
  const now = keepingPartIn(record, pool);
  const next = { weight: BigInt(record.nextWeight), weightSum: pool.nextWeightSum };
  return next.weight * now.weightSum < now.weight * next.weightSum ? next : now;
}

/**
 * The deficit with the newest sample, which counts once the pool knows that epoch's mean; millionths of
 * a leader window's yield.
 */
export function deficitWithNewest(record: ValidatorRecord, pool: Pool): number {
  const [own = null] = record.yieldsPpb;
  if (own === null) return record.deficitPpm;
  const mean = meanYieldOf(pool, record.bookedEpoch);
  return deficitAfter(record.deficitPpm, own, mean, record.windows16);
}

/** What stake was measured by in the samples of `epoch`, parts per billion; 0 if it is not known. */
export function meanYieldOf(pool: Pick<Pool, 'epoch' | 'meanYieldsPpb'>, epoch: bigint): number {
  return pool.meanYieldsPpb[Number(pool.epoch - epoch)] ?? 0;
}

/** Recorded lamports of active and activating slots, without `slotRent` each. */
export function stakedLamports(record: ValidatorRecord, slotRent: bigint): bigint {
  return lamportsIn(record, ['active', 'activating'], slotRent);
}

/** Recorded lamports of the slots in these states, without `slotRent` each. */
export function lamportsIn(
  record: ValidatorRecord,
  states: readonly SlotState[],
  slotRent: bigint,
): bigint {
  return record.slots
    .filter((slot) => states.includes(slot.state))
    .reduce((sum, slot) => sum + minusOrZero(slot.lamports, slotRent), 0n);
}

/** True where a stake deposit finds a slot: the main one, or one that can become it. */
export function hasRoomForStake(record: ValidatorRecord): boolean {
  const isFree = ({ state }: RecordedSlot) => state === 'open' || state === 'closed';
  return record.main !== null || record.slots.some(isFree);
}
