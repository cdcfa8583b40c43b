import {
  type Address,
  createNoopSigner,
  type Instruction,
  type TransactionSigner,
} from '@solana/kit';
import { getCreateAssociatedTokenIdempotentInstruction } from '@solana-program/token';
import { type PoolAddresses, shareAccount } from './addresses.js';
import type { PoolState } from './pool.js';

/** A wallet: its signer, or its address where something else signs the transaction. */
export type Wallet = TransactionSigner | Address;

/** What every flow takes. */
export type WalletFlow = {
  /** The pool. */
  state: Pick<PoolState, 'addresses'>;
  /** Who acts and pays rent. */
  owner: Wallet;
};

/** A nonce that no other request of a wallet has: the time in nanoseconds, the last digits random. */
export function newNonce(): bigint {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return BigInt(Date.now()) * 1_000_000n + BigInt(random % 1_000_000);
}

/** Opens the share account of `wallet` unless it is there. */
export function openShareAccount(
  { mint }: Pick<PoolAddresses, 'mint'>,
  payer: TransactionSigner,
  wallet: Address,
  ata: Address,
): Instruction {
  return getCreateAssociatedTokenIdempotentInstruction({ payer, ata, owner: wallet, mint });
}

/** The signer of a wallet; one that signs nothing for an address. */
export function signerOf(wallet: Wallet): TransactionSigner {
  return typeof wallet === 'string' ? createNoopSigner(wallet) : wallet;
}

/** The share account of a referrer, as deposits name it. */
export async function referrerOf(
  addresses: PoolAddresses,
  referrer: Address | undefined,
): Promise<{ referrer?: Address }> {
  return referrer === undefined ? {} : { referrer: await shareAccount(addresses, referrer) };
}
