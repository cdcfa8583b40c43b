import {
  type Address,
  getAddressEncoder,
  getProgramDerivedAddress,
  getU32Encoder,
  type ReadonlyUint8Array,
} from '@solana/kit';
import { findAssociatedTokenPda } from '@solana-program/token';
import { minus, minusOrZero, mulDivDown, mulDivUp } from './math/amounts.js';
import type { SplPool, SplValidator } from './splPool.js';

/** What tokens are paid. */
export type SplWithdrawal = {
  /** Tokens that go in. */
  tokens: bigint;
  /** Of them the manager's fee. */
  feeTokens: bigint;
  /** Lamports of stake that come out. */
  lamports: bigint;
};

/** The associated token account of `owner` for the pool's tokens. */
export async function splTokenAccount(
  pool: Pick<SplPool, 'mint' | 'tokenProgram'>,
  owner: Address,
): Promise<Address> {
  const { mint, tokenProgram } = pool;
  const [found] = await findAssociatedTokenPda({ owner, mint, tokenProgram });
  return found;
}

/** Signs for the pool's stake and mint. */
export async function splWithdrawAuthority(
  pool: Pick<SplPool, 'address' | 'program'>,
): Promise<Address> {
  const [found] = await getProgramDerivedAddress({
    programAddress: pool.program,
    seeds: [getAddressEncoder().encode(pool.address), 'withdraw'],
  });
  return found;
}

/** The stake account of a validator. */
export async function splStakeAccount(
  pool: Pick<SplPool, 'address' | 'program'>,
  { vote, seed }: Pick<SplValidator, 'vote' | 'seed'>,
): Promise<Address> {
  const key = getAddressEncoder();
  const seeds: ReadonlyUint8Array[] = [key.encode(vote), key.encode(pool.address)];
  if (seed !== 0) seeds.push(getU32Encoder().encode(seed));
  const [found] = await getProgramDerivedAddress({ programAddress: pool.program, seeds });
  return found;
}

/** What `tokens` out of the token account `from` are paid; `null` where nothing. */
export function splWithdrawal(
  pool: Pick<
    SplPool,
    'managerFeeAccount' | 'takesFee' | 'withdrawalFee' | 'tokenSupply' | 'totalLamports'
  >,
  tokens: bigint,
  from: Address,
): SplWithdrawal | null {
  const hasFee = pool.takesFee && pool.managerFeeAccount !== from;
  const { numerator, denominator } = pool.withdrawalFee;
  const isFree = !hasFee || denominator === 0n;
  const feeTokens = isFree ? 0n : mulDivUp(tokens, numerator, denominator);
  const burnt = feeTokens === null ? null : minus(tokens, feeTokens);
  if (feeTokens === null || burnt === null) return null;
  const lamports = mulDivDown(burnt, pool.totalLamports, pool.tokenSupply);
  return lamports === null || lamports === 0n ? null : { tokens, feeTokens, lamports };
}

/**
 * Lamports that a pool lets a validator's stake account give. `rent`: of a stake account; `least`: the
 * stake program's minimum delegation.
 */
export function splCanGive(validator: SplValidator, rent: bigint, least: bigint): bigint {
  if (validator.status !== 0) return 0n;
  return minusOrZero(validator.activeLamports, rent + least);
}

/** The validator that stake must be taken from while it has enough; `null` where any will do. */
export function splPreferred(pool: SplPool, rent: bigint, least: bigint): Address | null {
  const vote = pool.preferredWithdraw;
  const entry = pool.validators.find((validator) => validator.vote === vote);
  if (vote === null || entry === undefined || pool.tokenSupply === 0n) return null;
  const aToken = (pool.totalLamports + pool.tokenSupply - 1n) / pool.tokenSupply;
  return entry.activeLamports >= least * 2n + rent + aToken ? vote : null;
}
