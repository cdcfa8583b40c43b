import {
  instantLiquidity,
  missedEpochs,
  slotRentOf,
  valueAt,
  valueUp,
  type PoolState,
  type ValidatorView,
} from '@thaw/client';

/** What a pool is worth at one instant. Amounts are lamports. */
export type Figures = {
  /** What stands behind the exit rate. */
  readonly nav: bigint;
  /** Everything that the pool owns. */
  readonly assets: bigint;
  /** Lamports per 10^9 base units of shares that leave, rounded down; null where there is no price. */
  readonly exitRate: bigint | null;
  /** Lamports per 10^9 base units of shares that come in, rounded up. */
  readonly entryRate: bigint | null;
  /** How much dearer entering is than leaving, parts per billion of the exit rate. */
  readonly spreadPpb: bigint | null;
  /** Gain that is earned and not in the exit rate yet. */
  readonly unreleased: bigint;
};

const ONE_SHARE = 1_000_000_000n;
const PPB = 1_000_000_000n;

/**
 * The figures of `state` at `now`, unix seconds.
 *
 * Throws `ThawRefusal` (`Overflow`) where the books do not fit 64 bits.
 */
export function figuresOf(state: Pick<PoolState, 'pool' | 'clock'>, now: bigint): Figures {
  const { pool, clock } = state;
  const { books, nav } = valueAt(pool, now);
  const { shares, unreleased } = books;
  const assets = books.reserve + books.staked;
  if (nav === 0n || shares === 0n) {
    return { nav, assets, exitRate: null, entryRate: null, spreadPpb: null, unreleased };
  }
  const premium = premiumOf(books, missedEpochs(pool, clock) * pool.epochGainLamports, pool);
  return {
    nav,
    assets,
    exitRate: (nav * ONE_SHARE) / shares,
    entryRate: ((nav + premium) * ONE_SHARE + shares - 1n) / shares,
    spreadPpb: (premium * PPB) / nav,
    unreleased,
  };
}

type Books = ReturnType<typeof valueAt>['books'];

/**
 * What all shares together cost more than they pay: gain that is earned and not shown yet, at least
 * one epoch's. `expected`: gain of the epochs that nobody finalized, lamports.
 */
function premiumOf(books: Books, expected: bigint, pool: PoolState['pool']): bigint {
  const { unreleased, pendingGain, pendingLoss, pendingFees } = books;
  const unshown = unreleased + largest(expected, pendingGain) + pendingFees;
  return largest(unshown, pool.epochGainLamports, pendingLoss - unreleased - pendingGain);
}

function largest(...values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most), 0n);
}

/** A part of what the pool holds. */
export type Holding = {
  readonly id: 'active' | 'activating' | 'cooling' | 'liquid' | 'rent' | 'owed';
  readonly name: string;
  readonly lamports: bigint;
  readonly meaning: string;
};

/**
 * Where a pool's SOL is, without what it holds for settled tickets: the parts add up to its assets.
 * By the records, so rewards that are not booked yet are not in them.
 */
export function holdingsOf(
  { pool, rent }: Pick<PoolState, 'pool' | 'rent'>,
  validators: readonly Pick<ValidatorView, 'record'>[],
): Holding[] {
  const slotRent = slotRentOf(rent);
  const slots = validators.flatMap(({ record }) => record.slots);
  const held = (state: string) =>
    slots
      .filter((slot) => slot.state === state)
      .reduce((sum, slot) => sum + (slot.lamports > slotRent ? slot.lamports - slotRent : 0n), 0n);
  const [active, activating, cooling] = [held('active'), held('activating'), held('cooling')];
  const rest = pool.stakedLamports - active - activating - cooling;
  const part = (id: Holding['id'], name: string, lamports: bigint, meaning: string): Holding => ({
    id,
    name,
    lamports,
    meaning,
  });
  return [
    part('active', 'Active stake', active, 'Works with the validators and earns.'),
    part('activating', 'Warming up', activating, 'Begins to earn at the next epoch.'),
    part('cooling', 'Cooling down', cooling, 'On its way out; free at the next epoch.'),
    part(
      'liquid',
      'Liquid in the reserve',
      pool.reserveLamports,
      'Pays instant exits and tickets.',
    ),
    part(
      'rent',
      'Rent of stake accounts',
      rest > 0n ? rest : 0n,
      'What the network keeps per account.',
    ),
  ];
}

/** What the reserve has to do. Amounts are lamports. */
export type Liquidity = {
  readonly liquid: bigint;
  /** Of it, open to instant exits now. */
  readonly instant: bigint;
  /** What the pool aims at. */
  readonly target: bigint;
  /** Cooling down. */
  readonly cooling: bigint;
  /** What tickets in the queue are worth now. */
  readonly queued: bigint;
  /** Their shares, base units. */
  readonly queuedShares: bigint;
  /** Set aside for tickets that can be claimed. */
  readonly claimable: bigint;
};

/** The reserve of `state` at `now`, unix seconds. Throws as {@link figuresOf}. */
export function liquidityOf(
  state: Pick<PoolState, 'pool' | 'clock' | 'rent'>,
  now: bigint,
): Liquidity {
  const { pool } = state;
  return {
    liquid: pool.reserveLamports,
    instant: instantLiquidity(state, now),
    target: pool.liquidityTargetLamports,
    cooling: pool.coolingLamports,
    queued: valueUp(valueAt(pool, now), pool.pendingShares),
    queuedShares: pool.pendingShares,
    claimable: pool.claimableLamports,
  };
}
