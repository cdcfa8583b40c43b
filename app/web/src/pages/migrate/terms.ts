import { leastOf, type MigrationPlan, type SplPool } from '@thaw/client';

/** What a migration costs and brings. Lamports and base units of shares. */
export type Terms = {
  /** What the tokens are worth in the stake pool, before its fee. */
  readonly worthThere: bigint;
  /** What the stake pool keeps. */
  readonly feeThere: bigint;
  /** Stake that moves. */
  readonly stake: bigint;
  /** Rent of the stake account between the pools: out of the wallet, and deposited with the stake. */
  readonly rent: bigint;
  /** What this pool keeps. */
  readonly feeHere: bigint;
  /** Paid for gain that is not released yet; comes back in about a day. */
  readonly premium: bigint;
  readonly shares: bigint;
  /** Least shares that are accepted. */
  readonly least: bigint;
  /** What the shares are worth at the exit rate now. */
  readonly worthHere: bigint;
  /** Both fees together, parts per billion of what goes in. */
  readonly costPpb: bigint;
};

const PPB = 1_000_000_000n;

/** The terms of a plan. `slippageBps`: how much less than quoted to accept, basis points. */
export function termsOf(plan: MigrationPlan, slippageBps: number): Terms {
  const { from, withdrawal, rentLamports, quote } = plan;
  const worthThere = worthOf(from, withdrawal.tokens);
  const feeThere = atLeast0(worthThere - withdrawal.lamports);
  const whole = worthThere + rentLamports;
  return {
    worthThere,
    feeThere,
    stake: withdrawal.lamports,
    rent: rentLamports,
    feeHere: quote.feeLamports,
    premium: quote.premiumLamports,
    shares: quote.shares,
    least: leastOf(quote.shares, slippageBps),
    worthHere: quote.worthLamports,
    costPpb: whole === 0n ? 0n : ((feeThere + quote.feeLamports) * PPB) / whole,
  };
}

/** What tokens of a stake pool are worth by its last update, lamports, rounded down. */
export function worthOf(
  { totalLamports, tokenSupply }: Pick<SplPool, 'totalLamports' | 'tokenSupply'>,
  tokens: bigint,
): bigint {
  return tokenSupply === 0n ? 0n : (tokens * totalLamports) / tokenSupply;
}

/**
 * Tokens that a stake pool pays with at most `lamports` of stake, its fee included, rounded down: what
 * fits where a validator has room for no more.
 */
export function tokensFor(
  pool: Pick<SplPool, 'totalLamports' | 'tokenSupply' | 'withdrawalFee' | 'takesFee'>,
  lamports: bigint,
): bigint {
  if (pool.totalLamports === 0n) return 0n;
  const burnt = (lamports * pool.tokenSupply) / pool.totalLamports;
  const { numerator, denominator } = pool.withdrawalFee;
  if (!pool.takesFee || denominator === 0n || numerator >= denominator) return burnt;
  return (burnt * denominator) / (denominator - numerator);
}

/** A stake pool's fee on withdrawals as parts per billion; 0 for none. */
export function withdrawalFeePpb({
  withdrawalFee: { numerator, denominator },
  takesFee,
}: Pick<SplPool, 'withdrawalFee' | 'takesFee'>): bigint {
  return !takesFee || denominator === 0n ? 0n : (numerator * PPB) / denominator;
}

function atLeast0(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
