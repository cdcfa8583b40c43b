import type { Pool } from '@thaw/client';

/** A way in, out or about, and whether it is open. */
export type Gate = {
  readonly id: 'deposit' | 'instant' | 'stake' | 'moves' | 'tickets';
  readonly name: string;
  /** Why it is closed; empty where it is open. */
  readonly reasons: readonly GateReason[];
  /** What stays true whatever happens; empty for most. */
  readonly note: string;
};

/** Why a way is closed. */
export type GateReason = {
  readonly text: string;
  /** When it ends by itself, unix seconds; null where nobody can say. */
  readonly until: bigint | null;
};

/** What the chain says beside the pool. */
export type GateConditions = {
  /** Unix seconds. */
  readonly now: bigint;
  readonly epoch: bigint;
  /** True where nobody finalized for more than 3 epochs or 4 days. */
  readonly isStale: boolean;
  readonly isRewardsWindow: boolean;
};

const WINDING_DOWN = 1;

/** Every way and why it is closed, as `state/gates.rs` of the program decides. */
export function gatesOf(pool: Pool, at: GateConditions): Gate[] {
  const paused = (path: number): GateReason[] => {
    const until = pool.pausedUntil[path] ?? 0n;
    return at.now < until ? [{ text: 'Paused by the guardian', until }] : [];
  };
  const when = (isTrue: boolean, text: string, until: bigint | null = null): GateReason[] =>
    isTrue ? [{ text, until }] : [];
  const isWindingDown = pool.status === WINDING_DOWN;
  const ended = when(isWindingDown, 'The pool is being wound down, for good');
  const broken = when(
    at.now < pool.circuitUntil,
    'Closed by the circuit breaker after a large loss',
    pool.circuitUntil,
  );
  const stale = when(at.isStale, 'Nobody has finalized the pool for too long');
  const unfinished = when(pool.epoch !== at.epoch, 'This epoch is not finalized yet');
  const paying = when(at.isRewardsWindow, 'The chain is paying rewards; it takes minutes');
  return [
    {
      id: 'deposit',
      name: 'SOL deposits',
      reasons: [...ended, ...paused(0), ...broken, ...stale],
      note: '',
    },
    { id: 'instant', name: 'Instant exits', reasons: [...paused(1), ...stale], note: '' },
    {
      id: 'stake',
      name: 'Stake accounts in and out',
      reasons: [...paused(2), ...unfinished, ...paying],
      note: isWindingDown || broken.length > 0 ? 'Only out: none come in at the moment.' : '',
    },
    {
      id: 'moves',
      name: 'Moving stake between validators',
      // A pool that winds down moves stake whatever the pauses say.
      reasons: isWindingDown ? [] : [...paused(3), ...broken],
      note: '',
    },
    {
      id: 'tickets',
      name: 'Asking for SOL, and being paid',
      reasons: [],
      note: 'Always open: nobody can pause, delay or price it.',
    },
  ];
}

/** A proposed config: waits, can be applied by anyone, or lapsed. */
export type ProposalPhase = 'waiting' | 'ready' | 'lapsed';

/** How long a proposal may be applied once its delay is over, seconds: 7 days. */
const LIFE_SECONDS = 604_800n;

/** Where a proposal stands at `now`, unix seconds; null where there is none. */
export function proposalPhase(
  pool: Pick<Pool, 'configReadyAt'>,
  now: bigint,
): { phase: ProposalPhase; readyAt: bigint; lapsesAt: bigint } | null {
  const readyAt = pool.configReadyAt;
  if (readyAt === 0n) return null;
  const lapsesAt = readyAt + LIFE_SECONDS;
  const phase = now < readyAt ? 'waiting' : now <= lapsesAt ? 'ready' : 'lapsed';
  return { phase, readyAt, lapsesAt };
}
