import {
  type Address,
  createAddressWithSeed,
  type Instruction,
  type TransactionSigner,
} from '@solana/kit';
import { getCreateAccountWithSeedInstruction } from '@solana-program/system';
import { type PoolAddresses, shareAccount, slotAddresses } from './addresses.js';
import { STAKE_ACCOUNT_BYTES, STAKE_PROGRAM } from './constants.js';
import { getDepositStakeInstruction, getWithdrawStakeInstruction } from './generated/index.js';
import type { PoolState } from './pool.js';
import { slotRentOf } from './price.js';
import type { StakeAccountView } from './stakeAccounts.js';
import type { ValidatorView } from './validators.js';
import { newNonce, openShareAccount, referrerOf, signerOf, type WalletFlow } from './wallets.js';

/** A validator, as instructions name it. */
export type Listed = Pick<ValidatorView, 'index' | 'vote'>;

/**
 * A whole stake account in, shares out. See `stakeEligibility` for whether the pool takes it and for
 * its validator. `minOut`: least shares to accept.
 */
export async function depositStake(
  input: WalletFlow & {
    account: Pick<StakeAccountView, 'address'>;
    validator: Listed;
    minOut: bigint;
    recipient?: Address;
    referrer?: Address;
  },
): Promise<Instruction[]> {
  const { addresses } = input.state;
  const owner = signerOf(input.owner);
  const wallet = input.recipient ?? owner.address;
  const recipient = await shareAccount(addresses, wallet);
  return [
    openShareAccount(addresses, owner, wallet, recipient),
    getDepositStakeInstruction({
      ...(await stakeAccountsOf(addresses, input.validator)),
      stake: input.account.address,
      staker: owner,
      withdrawer: owner,
      payer: owner,
      recipient,
      ...(await referrerOf(addresses, input.referrer)),
      index: input.validator.index,
      minShares: input.minOut,
    }),
  ];
}

/**
 * Shares in, active stake out, into a new stake account at {@link newStakeAddress} of `seed`. See
 * `stakeSource` for the validator to take it from. `minOut`: least lamports to accept.
 * `newAuthority`: gets both authorities of the stake, by default the owner. `owner` pays the account's
 * rent.
 */
export async function withdrawStake(
  input: WalletFlow & {
    state: Pick<PoolState, 'addresses' | 'rent'>;
    validator: Listed;
    shares: bigint;
    minOut: bigint;
    seed: string;
    newAuthority?: Address;
  },
): Promise<Instruction[]> {
  const { addresses, rent } = input.state;
  const owner = signerOf(input.owner);
  const stake = await newStakeAddress(owner.address, input.seed);
  return [
    createStakeAccount(owner, stake, input.seed, slotRentOf(rent)),
    getWithdrawStakeInstruction({
      ...(await stakeAccountsOf(addresses, input.validator)),
      sharesFrom: await shareAccount(addresses, owner.address),
      owner,
      stake,
      newAuthority: input.newAuthority ?? owner.address,
      index: input.validator.index,
      shares: input.shares,
      minLamports: input.minOut,
    }),
  ];
}

/** A seed that no other stake account of a wallet has. */
export function newStakeSeed(): string {
  return `thaw-${newNonce().toString(36)}`;
}

/** The address of a wallet's stake account with this seed: no key but the wallet's signs for it. */
export async function newStakeAddress(owner: Address, seed: string): Promise<Address> {
  return createAddressWithSeed({ baseAddress: owner, programAddress: STAKE_PROGRAM, seed });
}

/** Creates a stake account without state at {@link newStakeAddress}, with its rent. */
export function createStakeAccount(
  owner: TransactionSigner,
  stake: Address,
  seed: string,
  rentLamports: bigint,
): Instruction {
  return getCreateAccountWithSeedInstruction({
    payer: owner,
    newAccount: stake,
    base: owner.address,
    seed,
    amount: rentLamports,
    space: STAKE_ACCOUNT_BYTES,
    programAddress: STAKE_PROGRAM,
  });
}

async function stakeAccountsOf(addresses: PoolAddresses, { vote }: Listed) {
  const { pool, reserve, authority, validators, mint } = addresses;
  const [slot0, slot1, slot2] = await slotAddresses(addresses, vote);
  return { pool, reserve, authority, validators, mint, slot0, slot1, slot2 };
}
