import { bpsDown, bpsUp, max, min, minusOrZero, mulDivDown, saturatingSum } from './amounts.js';

/** Kept for open batches beyond their value: one epoch's gain, basis points. */
const HEADROOM_BPS = 20;
/** The most a piece takes a validator past its target, as a part of the target, basis points. */
const MAX_PIECE_OF_TARGET_BPS = 1_000;
/** A band is at least this part of the target, basis points. */
const BAND_BPS = 100;

/** A pool's lamports as its moves see them. */
export type Flow = {
  /** All the pool owns. */
  assets: bigint;
  /** Liquid lamports. */
  reserve: bigint;
  /** Lamports of deactivated slots, without rent. */
  cooling: bigint;
  /** Rent of the open slots. */
  slotRent: bigint;
  /** Liquid lamports the pool aims at. */
  liquidityTarget: bigint;
  /** The part of the reserve that only pays for slots. */
  float: bigint;
  /** Value of the shares in open batches, rounded up. */
  open: bigint;
  /** Smallest sensible move as a part of assets, basis points. */
  pieceBps: number;
  /** The least that a move takes or leaves. */
  minDelegation: bigint;
};

/** One validator as the moves see it. */
export type FlowValidator = {
  /** Main and activating lamports, without rent. */
  staked: bigint;
  /** Weight that counts. */
  weight: bigint;
  /** Sum of the weights in effect. */
  weightSum: bigint;
};

/** What open batches that are worth `open` may need when they are settled, rounded up. */
export function owedUp(open: bigint): bigint {
  return saturatingSum(open, bpsUp(open, HEADROOM_BPS));
}

/** What all validators together should hold. */
export function goalOf(flow: Flow): bigint {
  const kept = [flow.slotRent, flow.liquidityTarget, flow.float, owedUp(flow.open)];
  return kept.reduce(minusOrZero, flow.assets);
}

/** What a validator should hold: its weight's part of the goal, rounded down. */
export function targetOf(flow: Flow, { weight, weightSum }: FlowValidator): bigint {
  return mulDivDown(goalOf(flow), weight, weightSum) ?? 0n;
}

/** The smallest sensible move of a validator with this target. */
export function pieceFor(flow: Flow, target: bigint): bigint {
  const bound = bpsDown(target, MAX_PIECE_OF_TARGET_BPS);
  return max(min(bpsUp(flow.assets, flow.pieceBps), bound), flow.minDelegation);
}

/** How far above its target a validator may be. */
export function bandOf(flow: Flow, target: bigint): bigint {
  const pieces = saturatingSum(pieceFor(flow, target), pieceFor(flow, target));
  return max(pieces, bpsUp(target, BAND_BPS));
}

/** Lamports that open batches still need beyond what is liquid or cooling. */
export function shortageOf(flow: Flow): bigint {
  const needed = saturatingSum(owedUp(flow.open), flow.float);
  return minusOrZero(minusOrZero(needed, flow.reserve), flow.cooling);
}
