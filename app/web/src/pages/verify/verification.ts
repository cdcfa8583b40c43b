import type { Address } from '@solana/kit';

/** One stake account of a validator, as the chain has it and as the record has it. */
export type SlotReading = {
  readonly address: Address;
  /** Lamports of the account where it is the pool's, else 0. */
  readonly chainLamports: bigint;
  /** Lamports that the record says. */
  readonly bookLamports: bigint;
  /** True where an account is there that is not the pool's. */
  readonly isForeign: boolean;
};

/** A validator's stake accounts. */
export type ValidatorReading = {
  readonly index: number;
  readonly vote: Address;
  /** Epoch of the last booking. */
  readonly bookedEpoch: bigint;
  /** True where its record changed again and again, so that its accounts were read moments before. */
  readonly isOlder: boolean;
  readonly slots: readonly SlotReading[];
};

/** The pool's own figures: lamports and base units of shares. */
export type BooksReading = {
  readonly reserveLamports: bigint;
  readonly stakedLamports: bigint;
  readonly claimableLamports: bigint;
  readonly pendingGainLamports: bigint;
  readonly pendingLossLamports: bigint;
  readonly pendingFeesLamports: bigint;
  readonly lockedGainLamports: bigint;
  /** Unix seconds. */
  readonly releaseStart: bigint;
  readonly releaseEnd: bigint;
  readonly shares: bigint;
  readonly feeSharesOwed: bigint;
  readonly pendingShares: bigint;
  /** The last finalized epoch. */
  readonly epoch: bigint;
};

/** Everything that was read, at one instant. */
export type Reading = {
  readonly slot: bigint;
  readonly epoch: bigint;
  readonly unixTime: bigint;
  /** True while the chain pays the rewards of the last epoch, block by block. */
  readonly isRewardsWindow: boolean;
  /** Lamports of the reserve account, its own rent included. */
  readonly reserveAccountLamports: bigint;
  /** Rent of the reserve account, lamports. */
  readonly reserveRentLamports: bigint;
  readonly books: BooksReading;
  /** Base units of the share token in existence, by its mint. */
  readonly supply: bigint;
  /** Shares in the account of open batches. */
  readonly escrowShares: bigint;
  readonly validators: readonly ValidatorReading[];
};

/** `same`, `later`: differs for a reason that the next bookkeeping settles, `wrong`: must not be. */
export type Verdict = 'same' | 'later' | 'wrong';

/** Two figures that must agree, and whether they do. */
export type Comparison = {
  readonly id: string;
  readonly name: string;
  readonly unit: 'lamports' | 'shares';
  readonly chain: bigint;
  readonly books: bigint;
  /** `chain - books`. */
  readonly difference: bigint;
  readonly verdict: Verdict;
  /** Why it differs, in words; empty where it does not. */
  readonly why: string;
};

/** A validator's comparison. */
export type ValidatorComparison = Omit<Comparison, 'id' | 'name' | 'unit'> & ValidatorReading;

/** How nav and exit rate come about. Lamports and base units of shares. */
export type RateParts = {
  readonly reserve: bigint;
  readonly staked: bigint;
  readonly assets: bigint;
  readonly pendingFees: bigint;
  readonly unreleased: bigint;
  readonly pendingGain: bigint;
  readonly pendingLoss: bigint;
  readonly hidden: bigint;
  readonly nav: bigint;
  readonly shares: bigint;
  /** Lamports per 10^9 base units, rounded down; null where the pool is worth nothing. */
  readonly exitRate: bigint | null;
};

/** What comparing came to. */
export type Verification = {
  readonly reading: Reading;
  readonly verdict: Verdict;
  readonly comparisons: readonly Comparison[];
  readonly validators: readonly ValidatorComparison[];
  readonly rate: RateParts;
  /** Stake accounts of the pool that were found, and addresses that were looked at. */
  readonly accounts: { readonly found: number; readonly read: number };
};

const ONE_SHARE = 1_000_000_000n;

/** Compares what was read: pure, so that anyone can repeat it from the downloaded file. */
export function verify(reading: Reading): Verification {
  const validators = reading.validators.map((it) => compareValidator(it, reading));
  const comparisons = [
    compareTotal(reading),
    compareStake(reading, validators),
    compareReserve(reading),
    compareRecords(reading),
    compareShares(reading),
    compareEscrow(reading),
  ];
  const slots = reading.validators.flatMap((validator) => validator.slots);
  return {
    reading,
    verdict: worst([...comparisons, ...validators].map((it) => it.verdict)),
    comparisons,
    validators,
    rate: rateParts(reading),
    accounts: {
      found: slots.filter((slot) => slot.chainLamports > 0n).length,
      read: slots.length,
    },
  };
}

/** The formula of `docs/architecture.md`, with the numbers of a reading. */
export function rateParts({ books, unixTime }: Pick<Reading, 'books' | 'unixTime'>): RateParts {
  const { reserveLamports: reserve, stakedLamports: staked, shares } = books;
  const [pendingFees, pendingGain] = [books.pendingFeesLamports, books.pendingGainLamports];
  const pendingLoss = books.pendingLossLamports;
  const assets = reserve + staked;
  const unreleased = unreleasedUp(books, unixTime);
  const hidden = atLeast0(unreleased + pendingGain - pendingLoss);
  const nav = atLeast0(atLeast0(assets - pendingFees) - hidden);
  const exitRate = nav === 0n || shares === 0n ? null : (nav * ONE_SHARE) / shares;
  const parts = { reserve, staked, assets, pendingFees, unreleased, pendingGain, pendingLoss };
  return { ...parts, hidden, nav, shares, exitRate };
}

/** `ceil(locked * (end - now) / (end - start))`, all of it before the start, nothing after the end. */
function unreleasedUp(books: BooksReading, now: bigint): bigint {
  const { lockedGainLamports: locked, releaseStart: start, releaseEnd: end } = books;
  if (now >= end) return 0n;
  if (now <= start) return locked;
  const span = end - start;
  return (locked * (end - now) + span - 1n) / span;
}

/** Sum of what an account list says. */
function sum(slots: readonly SlotReading[], part: 'chainLamports' | 'bookLamports'): bigint {
  return slots.reduce((total, slot) => total + slot[part], 0n);
}

function compareValidator(validator: ValidatorReading, reading: Reading): ValidatorComparison {
  const chain = sum(validator.slots, 'chainLamports');
  const books = sum(validator.slots, 'bookLamports');
  const difference = chain - books;
  const verdict = difference === 0n ? 'same' : 'later';
  return {
    ...validator,
    chain,
    books,
    difference,
    verdict,
    why: whyStake(validator, reading, difference),
  };
}

function whyStake(validator: ValidatorReading, reading: Reading, difference: bigint): string {
  if (difference === 0n) return '';
  if (validator.isOlder) {
    return 'Its record changed again and again while it was read, so the two are not of one moment. Count again.';
  }
  const isBooked = validator.bookedEpoch >= reading.epoch;
  if (reading.isRewardsWindow) {
    return 'The chain is paying rewards at this moment. The books wait until it is done.';
  }
  if (difference > 0n) {
    return isBooked
      ? 'Came in after this epoch’s booking: tips, or SOL that somebody sent. The next booking adds it.'
      : `Rewards since epoch ${validator.bookedEpoch}, which the next booking adds.`;
  }
  return isBooked
    ? 'Went missing after this epoch’s booking. The next booking counts it as a loss.'
    : 'A loss that is not booked yet, such as a penalty. The next booking counts it, and the rate falls by it where no unreleased gain makes it up.';
}

function comparison(
  id: string,
  name: string,
  unit: Comparison['unit'],
  [chain, books]: readonly [bigint, bigint],
  judge: (difference: bigint) => readonly [Verdict, string],
): Comparison {
  const difference = chain - books;
  const [verdict, why] = difference === 0n ? (['same', ''] as const) : judge(difference);
  return { id, name, unit, chain, books, difference, verdict, why };
}

function compareTotal(reading: Reading): Comparison {
  const { books, validators } = reading;
  const staked = validators.reduce((total, it) => total + sum(it.slots, 'chainLamports'), 0n);
  const chain = staked + liquidOf(reading);
  const owned = books.reserveLamports + books.claimableLamports + books.stakedLamports;
  return comparison('total', 'All SOL of the pool', 'lamports', [chain, owned], (difference) => [
    'later',
    difference > 0n
      ? 'There is more on chain than the books say. Each part below says why.'
      : 'There is less on chain than the books say. Each part below says why.',
  ]);
}

function compareStake({ books }: Reading, validators: readonly ValidatorComparison[]): Comparison {
  const chain = validators.reduce((total, it) => total + it.chain, 0n);
  const count = validators.filter((it) => it.difference !== 0n).length;
  const of = count === 1 ? '1 validator differs' : `${count} validators differ`;
  const figures = [chain, books.stakedLamports] as const;
  return comparison('stake', 'In stake accounts', 'lamports', figures, () => [
    'later',
    `${of}; the table below says why, one by one.`,
  ]);
}

/** Lamports of the reserve beyond its own rent. */
function liquidOf({ reserveAccountLamports, reserveRentLamports }: Reading): bigint {
  return atLeast0(reserveAccountLamports - reserveRentLamports);
}

function compareReserve(reading: Reading): Comparison {
  const { books } = reading;
  const owned = books.reserveLamports + books.claimableLamports;
  const figures = [liquidOf(reading), owned] as const;
  return comparison('reserve', 'In the reserve', 'lamports', figures, (difference) => {
    if (difference > 0n) {
      return ['later', 'Somebody sent SOL to the reserve. The next finalize adds it as a gain.'];
    }
    // Without its rent the account must always hold what is owed; the rent itself can rise.
    return -difference <= reading.reserveRentLamports
      ? ['later', 'The network’s rent has risen. The next finalize counts the difference.']
      : ['wrong', 'The reserve holds less than it owes. This must not be.'];
  });
}

function compareRecords({ books, validators }: Reading): Comparison {
  const recorded = validators.reduce((total, it) => total + sum(it.slots, 'bookLamports'), 0n);
  const figures = [recorded, books.stakedLamports] as const;
  return comparison('records', 'Sum of the records', 'lamports', figures, () => [
    'wrong',
    'The records of the validators do not add up to the pool’s own sum. This must not be.',
  ]);
}

function compareShares({ books, supply }: Reading): Comparison {
  const figures = [supply + books.feeSharesOwed, books.shares] as const;
  return comparison('shares', 'Shares', 'shares', figures, (difference) =>
    difference < 0n
      ? [
          'same',
          'Somebody burnt shares outside the pool. The pool goes on counting them, so the rate cannot be moved that way.',
        ]
      : ['wrong', 'There are more shares than the pool has counted. This must not be.'],
  );
}

function compareEscrow({ books, escrowShares }: Reading): Comparison {
  const figures = [escrowShares, books.pendingShares] as const;
  return comparison('escrow', 'Shares that wait in the queue', 'shares', figures, (difference) =>
    difference > 0n
      ? ['same', 'Somebody sent shares to the queue’s account without asking for a withdrawal.']
      : ['wrong', 'The queue’s account holds fewer shares than wait. This must not be.'],
  );
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('wrong')) return 'wrong';
  return verdicts.includes('later') ? 'later' : 'same';
}

function atLeast0(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
