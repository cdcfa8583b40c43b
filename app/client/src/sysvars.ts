import {
  getF64Decoder,
  getI64Decoder,
  getStructDecoder,
  getU64Decoder,
  getU8Decoder,
  type ReadonlyUint8Array,
} from '@solana/kit';

/** The Clock sysvar. */
export type Clock = {
  /** The slot. */
  slot: bigint;
  /** When the epoch began, unix seconds. */
  epochStartTimestamp: bigint;
  /** The epoch. */
  epoch: bigint;
  /** The newest epoch whose leaders are known. */
  leaderScheduleEpoch: bigint;
  /** The time as the validators have it, unix seconds. */
  unixTimestamp: bigint;
};

/** The EpochSchedule sysvar. */
export type EpochSchedule = {
  /** Slots of an epoch. */
  slotsPerEpoch: bigint;
  /** How far ahead leaders are known, slots. */
  leaderScheduleSlotOffset: bigint;
  /** 1 where the first epochs are short. */
  warmup: number;
  /** The first epoch of full length. */
  firstNormalEpoch: bigint;
  /** Its first slot. */
  firstNormalSlot: bigint;
};

/** The live rent. */
export type Rent = {
  /** Lamports per byte, as the sysvar has it. */
  lamportsPerByte: bigint;
  /** The least lamports an account with so many bytes of data must hold. */
  minimumBalance(bytes: number): bigint;
};

/** One epoch of the StakeHistory sysvar, lamports of the whole cluster. */
export type StakeHistoryEntry = {
  /** The epoch. */
  epoch: bigint;
  /** Stake that was active. */
  effective: bigint;
  /** Stake that was warming up. */
  activating: bigint;
  /** Stake that was cooling down. */
  deactivating: bigint;
};

/** How much stake warmed up and cooled down, by epoch. */
export type StakeHistory = ReadonlyMap<bigint, StakeHistoryEntry>;

/** Bytes an account costs beyond its data. */
const OVERHEAD = 128n;
/** Offset of `active` in the EpochRewards sysvar. */
const REWARDS_ACTIVE = 80;
/** Bytes of the length in front of the stake history. */
const HISTORY_HEADER = 8;
const HISTORY_ENTRY = 32;

const clockDecoder = getStructDecoder([
  ['slot', getU64Decoder()],
  ['epochStartTimestamp', getI64Decoder()],
  ['epoch', getU64Decoder()],
  ['leaderScheduleEpoch', getU64Decoder()],
  ['unixTimestamp', getI64Decoder()],
]);

const scheduleDecoder = getStructDecoder([
  ['slotsPerEpoch', getU64Decoder()],
  ['leaderScheduleSlotOffset', getU64Decoder()],
  ['warmup', getU8Decoder()],
  ['firstNormalEpoch', getU64Decoder()],
  ['firstNormalSlot', getU64Decoder()],
]);

const rentDecoder = getStructDecoder([
  ['lamportsPerByte', getU64Decoder()],
  ['threshold', getF64Decoder()],
]);

const historyDecoder = getStructDecoder([
  ['epoch', getU64Decoder()],
  ['effective', getU64Decoder()],
  ['activating', getU64Decoder()],
  ['deactivating', getU64Decoder()],
]);

/** Decodes the Clock sysvar. */
export function decodeClock(data: ReadonlyUint8Array): Clock {
  return clockDecoder.decode(data);
}

/** Decodes the EpochSchedule sysvar. */
export function decodeSchedule(data: ReadonlyUint8Array): EpochSchedule {
  return scheduleDecoder.decode(data);
}

/** Decodes the Rent sysvar. */
export function decodeRent(data: ReadonlyUint8Array): Rent {
  const { lamportsPerByte, threshold } = rentDecoder.decode(data);
  // 1 since the runtime took the years out of rent, 2 before.
  return rentOf(lamportsPerByte, BigInt(Math.trunc(threshold)));
}

/** The rent at so many lamports per byte. */
export function rentOf(lamportsPerByte: bigint, years = 1n): Rent {
  return {
    lamportsPerByte,
    minimumBalance: (bytes) => (OVERHEAD + BigInt(bytes)) * lamportsPerByte * years,
  };
}

/** True where the EpochRewards sysvar says that rewards are being paid. */
export function decodeRewardsWindow(data: ReadonlyUint8Array): boolean {
  return (data[REWARDS_ACTIVE] ?? 0) !== 0;
}

/** Decodes the StakeHistory sysvar. */
export function decodeStakeHistory(data: ReadonlyUint8Array): StakeHistory {
  const entries = new Map<bigint, StakeHistoryEntry>();
  const count = data.length < HISTORY_HEADER ? 0 : Number(getU64Decoder().decode(data));
  for (let at = HISTORY_HEADER; at + HISTORY_ENTRY <= data.length; at += HISTORY_ENTRY) {
    // The account is longer than its entries.
    if (entries.size === count) break;
    const entry = historyDecoder.decode(data, at);
    entries.set(entry.epoch, entry);
  }
  return entries;
}

/** The first slot of an epoch. */
export function firstSlotOf(schedule: EpochSchedule, epoch: bigint): bigint {
  if (epoch > schedule.firstNormalEpoch) {
    return (epoch - schedule.firstNormalEpoch) * schedule.slotsPerEpoch + schedule.firstNormalSlot;
  }
  return ((1n << epoch) - 1n) * SHORTEST_EPOCH;
}

/** Slots of an epoch. */
export function slotsOf(schedule: EpochSchedule, epoch: bigint): bigint {
  return epoch < schedule.firstNormalEpoch ? SHORTEST_EPOCH << epoch : schedule.slotsPerEpoch;
}

/** Slots of epoch 0 where the first epochs are short. */
const SHORTEST_EPOCH = 32n;
