import {
  type Address,
  AccountRole,
  createAddressWithSeed,
  createNoopSigner,
  type Instruction,
  type TransactionSigner,
} from '@solana/kit';
import { getCreateAccountWithSeedInstruction } from '@solana-program/system';
import { getCreateAssociatedTokenIdempotentInstruction } from '@solana-program/token';
import {
  batchAddress,
  type PoolAddresses,
  shareAccount,
  slotAddresses,
  ticketAddressWithBump,
} from './addresses.js';
import { STAKE_ACCOUNT_BYTES, STAKE_PROGRAM } from './constants.js';
import {
  getClaimWithdrawalInstruction,
  getDepositSolInstruction,
  getDepositStakeInstruction,
  getFinalizeEpochInstruction,
  getRequestWithdrawalInstruction,
  getSyncValidatorsInstruction,
  getTransferTicketInstruction,
  getWithdrawInstantInstruction,
  getWithdrawStakeInstruction,
} from './generated/index.js';
import { batchToJoin, type PoolState } from './pool.js';
import { slotRentOf } from './price.js';
import { isHeldSlot } from './records.js';
import type { StakeAccountView } from './stakeAccounts.js';
import type { TicketView } from './tickets.js';
import type { ValidatorView } from './validators.js';

/** Claims that fit one transaction. */
export const CLAIMS_PER_TRANSACTION = 6;
/** Stake slots that one sync has room for in a transaction of 1,232 bytes. */
export const SLOTS_PER_SYNC = 25;

/** A wallet: its signer, or its address where something else signs the transaction. */
export type Wallet = TransactionSigner | Address;

/** What every flow takes. */
export type WalletFlow = {
  /** The pool. */
  state: Pick<PoolState, 'addresses'>;
  /** Who acts and pays rent. */
  owner: Wallet;
};

/** A validator, as instructions name it. */
export type Listed = Pick<ValidatorView, 'index' | 'vote'>;

/**
 * SOL in, shares out: opens the share account unless it is there, and deposits. `minOut`: least
 * shares to accept. `recipient`: wallet that gets the shares, by default the owner. `referrer`: wallet
 * that gets the referrer's part of the fee; its share account must be there.
 */
export async function depositSol(
  input: WalletFlow & { lamports: bigint; minOut: bigint; recipient?: Address; referrer?: Address },
): Promise<Instruction[]> {
  const { addresses } = input.state;
  const owner = signerOf(input.owner);
  const wallet = input.recipient ?? owner.address;
  const recipient = await shareAccount(addresses, wallet);
  const { pool, reserve, authority, mint } = addresses;
  return [
    openShareAccount(addresses, owner, wallet, recipient),
    getDepositSolInstruction({
      pool,
      reserve,
      authority,
      mint,
      depositor: owner,
      recipient,
      ...(await referrerOf(addresses, input.referrer)),
      lamports: input.lamports,
      minShares: input.minOut,
    }),
  ];
}

/**
 * Shares in, SOL out at once from the reserve. `minOut`: least lamports to accept, fee taken off.
 * `recipient`: who gets the SOL, by default the owner.
 */
export async function withdrawInstant(
  input: WalletFlow & { shares: bigint; minOut: bigint; recipient?: Address },
): Promise<Instruction[]> {
  const { pool, reserve, mint } = input.state.addresses;
  const owner = signerOf(input.owner);
  return [
    getWithdrawInstantInstruction({
      pool,
      reserve,
      mint,
      sharesFrom: await shareAccount(input.state.addresses, owner.address),
      owner,
      recipient: input.recipient ?? owner.address,
      shares: input.shares,
      minLamports: input.minOut,
    }),
  ];
}

/**
 * Shares in, a ticket out: it keeps earning until it is settled after this epoch. `nonce`: part of the
 * ticket's address, see {@link newNonce}. `isPushable`: anyone may have the payment sent to the owner,
 * as keepers do; by default they may. `owner` pays the rent of the ticket, and of the batch where this
 * opens it, and gets it back.
 */
export async function requestWithdrawal(
  input: WalletFlow & {
    state: Pick<PoolState, 'addresses' | 'pool' | 'clock'>;
    shares: bigint;
    nonce: bigint;
    isPushable?: boolean;
  },
): Promise<Instruction[]> {
  const { addresses } = input.state;
  const owner = signerOf(input.owner);
  const [ticket, ticketBump] = await ticketAddressWithBump(addresses, owner.address, input.nonce);
  return [
    getRequestWithdrawalInstruction({
      pool: addresses.pool,
      escrow: addresses.escrow,
      sharesFrom: await shareAccount(addresses, owner.address),
      owner,
      payer: owner,
      batch: await batchAddress(addresses, batchToJoin(input.state)),
      ticket,
      shares: input.shares,
      nonce: input.nonce,
      isPushable: input.isPushable ?? true,
      ticketBump,
    }),
  ];
}

/**
 * Takes what a ticket may get now. By its owner to `recipient`, by default themselves; by anyone else
 * to the owner, where the ticket is pushable.
 */
export async function claimWithdrawal(
  input: WalletFlow & { ticket: Pick<TicketView, 'address' | 'ticket'>; recipient?: Address },
): Promise<Instruction[]> {
  const { addresses } = input.state;
  const { address, ticket } = input.ticket;
  return [
    getClaimWithdrawalInstruction({
      pool: addresses.pool,
      reserve: addresses.reserve,
      batch: await batchAddress(addresses, ticket.batch),
      ticket: address,
      claimer: signerOf(input.owner),
      recipient: input.recipient ?? ticket.owner,
      rentRecipient: ticket.payer,
    }),
  ];
}

/** Takes what several tickets may get: the instructions of one transaction each. */
export async function claimWithdrawals(
  input: WalletFlow & {
    tickets: readonly Pick<TicketView, 'address' | 'ticket'>[];
    recipient?: Address;
  },
): Promise<Instruction[][]> {
  const { tickets, ...flow } = input;
  const claims = (
    await Promise.all(tickets.map((ticket) => claimWithdrawal({ ...flow, ticket })))
  ).flat();
  const transactions: Instruction[][] = [];
  for (let start = 0; start < claims.length; start += CLAIMS_PER_TRANSACTION) {
    transactions.push(claims.slice(start, start + CLAIMS_PER_TRANSACTION));
  }
  return transactions;
}

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

/** Gives a ticket to another owner. `isPushable`: anyone may have the payment sent to the new one. */
export async function transferTicket(
  input: Pick<WalletFlow, 'owner'> & { ticket: Address; newOwner: Address; isPushable?: boolean },
): Promise<Instruction[]> {
  const { ticket, newOwner, isPushable = true } = input;
  const owner = signerOf(input.owner);
  return [getTransferTicketInstruction({ ticket, owner, newOwner, isPushable })];
}

/**
 * Books every validator that holds stake and is not booked in this epoch: one instruction for each
 * transaction. Anyone may send them.
 */
export async function syncValidators(input: {
  state: Pick<PoolState, 'addresses' | 'clock'>;
  validators: readonly ValidatorView[];
}): Promise<Instruction[]> {
  const { addresses, clock } = input.state;
  const instructions: Instruction[] = [];
  let entries: { index: number; slots: number }[] = [];
  let keys: Address[] = [];
  const flush = () => {
    if (entries.length === 0) return;
    const { pool, validators } = addresses;
    const sync = getSyncValidatorsInstruction({ pool, validators, entries });
    const slots = keys.map((address) => ({ address, role: AccountRole.READONLY }));
    instructions.push({ ...sync, accounts: [...sync.accounts, ...slots] });
    [entries, keys] = [[], []];
  };
  for (const { index, record, slots } of input.validators) {
    if (record.bookedEpoch === clock.epoch) continue;
    const held = slots.filter((_, place) => {
      const slot = record.slots[place];
      return slot !== undefined && isHeldSlot(slot);
    });
    if (held.length === 0) continue;
    if (keys.length + held.length > SLOTS_PER_SYNC) flush();
    entries.push({ index, slots: held.length });
    keys.push(...held.map(({ address }) => address));
  }
  flush();
  return instructions;
}

/** Folds the epoch into the rate, once every validator is booked. Anyone may send it. */
export async function finalizeEpoch(input: {
  state: Pick<PoolState, 'addresses'>;
}): Promise<Instruction[]> {
  const { pool, reserve } = input.state.addresses;
  return [getFinalizeEpochInstruction({ pool, reserve })];
}

/** A nonce that no other request of a wallet has: the time in nanoseconds, the last digits random. */
export function newNonce(): bigint {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return BigInt(Date.now()) * 1_000_000n + BigInt(random % 1_000_000);
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

async function referrerOf(
  addresses: PoolAddresses,
  referrer: Address | undefined,
): Promise<{ referrer?: Address }> {
  return referrer === undefined ? {} : { referrer: await shareAccount(addresses, referrer) };
}

async function stakeAccountsOf(addresses: PoolAddresses, { vote }: Listed) {
  const { pool, reserve, authority, validators, mint } = addresses;
  const [slot0, slot1, slot2] = await slotAddresses(addresses, vote);
  return { pool, reserve, authority, validators, mint, slot0, slot1, slot2 };
}
