import type { Address, Instruction } from '@solana/kit';
import { batchAddress, shareAccount, ticketAddressWithBump } from './addresses.js';
import {
  getClaimWithdrawalInstruction,
  getDepositSolInstruction,
  getRequestWithdrawalInstruction,
  getTransferTicketInstruction,
  getWithdrawInstantInstruction,
} from './generated/index.js';
import { batchToJoin, type PoolState } from './pool.js';
import type { TicketView } from './tickets.js';
import { openShareAccount, referrerOf, signerOf, type WalletFlow } from './wallets.js';

/** Claims that fit one transaction. */
export const CLAIMS_PER_TRANSACTION = 6;
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

/** Gives a ticket to another owner. `isPushable`: anyone may have the payment sent to the new one. */
export async function transferTicket(
  input: Pick<WalletFlow, 'owner'> & { ticket: Address; newOwner: Address; isPushable?: boolean },
): Promise<Instruction[]> {
  const { ticket, newOwner, isPushable = true } = input;
  const owner = signerOf(input.owner);
  return [getTransferTicketInstruction({ ticket, owner, newOwner, isPushable })];
}
