import type { Pool } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { gatesOf, proposalPhase, type GateConditions } from './gateRules.js';

const pool = (over: Partial<Pool> = {}) =>
  ({ status: 0, epoch: 5n, pausedUntil: [0n, 0n, 0n, 0n], circuitUntil: 0n, ...over }) as Pool;
const at = (over: Partial<GateConditions> = {}): GateConditions => ({
  now: 100n,
  epoch: 5n,
  isStale: false,
  isRewardsWindow: false,
  ...over,
});
/** Ids of the ways that are closed. */
const closed = (of: Pool, when: GateConditions) =>
  gatesOf(of, when)
    .filter((gate) => gate.reasons.length > 0)
    .map((gate) => gate.id);

describe('gates', () => {
  it('are open where nothing closes them', () => {
    expect(closed(pool(), at())).toEqual([]);
    expect(closed(pool({ pausedUntil: [100n, 99n, 0n, 0n] }), at())).toEqual([]);
  });

  it('say what closes them and until when', () => {
    const paused = pool({ pausedUntil: [101n, 0n, 200n, 0n] });
    expect(closed(paused, at())).toEqual(['deposit', 'stake']);
    expect(gatesOf(paused, at())[0]?.reasons).toEqual([
      { text: 'Paused by the guardian', until: 101n },
    ]);
    expect(closed(pool({ circuitUntil: 500n }), at())).toEqual(['deposit', 'moves']);
    expect(closed(pool(), at({ isStale: true }))).toEqual(['deposit', 'instant']);
    expect(closed(pool(), at({ epoch: 6n }))).toEqual(['stake']);
    expect(closed(pool(), at({ isRewardsWindow: true }))).toEqual(['stake']);
  });

  it('keep the way out of a pool that winds down', () => {
    const over = { status: 1, pausedUntil: [0n, 0n, 0n, 999n], circuitUntil: 999n };
    expect(closed(pool(over), at())).toEqual(['deposit']);
  });

  it('never close the queue', () => {
    const all = pool({ status: 1, pausedUntil: [9_999n, 9_999n, 9_999n, 9_999n], epoch: 0n });
    expect(closed(all, at({ isStale: true, isRewardsWindow: true }))).not.toContain('tickets');
  });
});

describe('a proposal', () => {
  it('waits, is ready, lapses', () => {
    const phase = (now: bigint) => proposalPhase({ configReadyAt: 1_000n }, now)?.phase;
    expect(phase(999n)).toBe('waiting');
    expect(phase(1_000n)).toBe('ready');
    expect(phase(1_000n + 604_800n)).toBe('ready');
    expect(phase(1_001n + 604_800n)).toBe('lapsed');
    expect(proposalPhase({ configReadyAt: 0n }, 5n)).toBeNull();
  });
});
