import {
  type Address,
  type Base58EncodedBytes,
  getAddressEncoder,
  getBase58Decoder,
  getBase64Encoder,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type ReadonlyUint8Array,
  type Rpc,
} from '@solana/kit';
import { FetchError, mustExist, readAccounts, type ReadOptions } from './accounts.js';
import { batchAddress, type PoolAddresses } from './addresses.js';
import { decodeBatchAccount, decodeTicketAccount } from './decode.js';
import {
  type Batch,
  THAW_PROGRAM_ADDRESS,
  type Ticket,
  TICKET_DISCRIMINATOR,
} from './generated/index.js';
import { minusOrZero, mulDivUp } from './math/amounts.js';
import { entitlementDown } from './math/books.js';
import { COMMITMENT } from './pace.js';

/** Bytes of a ticket. */
const TICKET_BYTES = 170n;
/** Offsets of its pool and its owner. */
const POOL_AT = 8n;
const OWNER_AT = 40n;

/** A ticket with its batch. */
export type TicketView = {
  /** The ticket's address. */
  address: Address;
  /** The ticket. */
  ticket: Ticket;
  /** Its batch. */
  batch: Batch;
  /** What a claim pays now, lamports. */
  claimableLamports: bigint;
  /** Its part of the batch's shares that still wait, rounded up; they keep earning. */
  openShares: bigint;
  /** True where a claim does something: it pays, or closes the ticket and returns its rent. */
  isClaimable: boolean;
  /** True where nothing waits any more: the next claim is the last. */
  isSettled: boolean;
  /** First epoch in which it can be settled. */
  payableEpoch: bigint;
};

/**
 * The open tickets of `owner` with their batches, oldest batch first.
 *
 * @throws {@link FetchError}; kit's errors of the server: some do not offer `getProgramAccounts`.
 */
export async function fetchTickets(
  rpc: Rpc<GetMultipleAccountsApi & GetProgramAccountsApi>,
  addresses: PoolAddresses,
  owner: Address,
  options: ReadOptions = {},
): Promise<TicketView[]> {
  const at = (offset: bigint, bytes: ReadonlyUint8Array) => ({
    memcmp: {
      offset,
      bytes: getBase58Decoder().decode(bytes) as Base58EncodedBytes,
      encoding: 'base58' as const,
    },
  });
  const key = getAddressEncoder();
  const { abortSignal, commitment } = options;
  const found = await rpc
    .getProgramAccounts(THAW_PROGRAM_ADDRESS, {
      commitment: commitment ?? COMMITMENT,
      encoding: 'base64',
      filters: [
        { dataSize: TICKET_BYTES },
        at(0n, TICKET_DISCRIMINATOR),
        at(POOL_AT, key.encode(addresses.pool)),
        at(OWNER_AT, key.encode(owner)),
      ],
    })
    .send(abortSignal === undefined ? {} : { abortSignal });
  const tickets = found.map(({ pubkey, account }) => {
    const data = getBase64Encoder().encode(account.data[0]);
    return { address: pubkey, ticket: decodeTicketAccount({ data, address: pubkey }) };
  });
  return withBatches(rpc, addresses, tickets, options);
}

/**
 * The tickets at these addresses with their batches, oldest batch first.
 *
 * @throws {@link FetchError} where one is missing or belongs to another pool; kit's errors.
 */
export async function fetchTicketsAt(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  keys: readonly Address[],
  options: ReadOptions = {},
): Promise<TicketView[]> {
  const { accounts } = await readAccounts(rpc, keys, options);
  const tickets = keys.map((address, place) => {
    const ticket = decodeTicketAccount(mustExist(accounts[place], address));
    if (ticket.pool !== addresses.pool) {
      const message = `${address} belongs to another pool, ${ticket.pool}`;
      throw new FetchError('otherPool', message, address);
    }
    return { address, ticket };
  });
  return withBatches(rpc, addresses, tickets, options);
}

/** A ticket as its batch stands. */
export function ticketView(address: Address, ticket: Ticket, batch: Batch): TicketView {
  const { sharesRequested, sharesSettled, lamportsSettled } = batch;
  const entitled = entitlementDown(ticket.shares, lamportsSettled, sharesRequested);
  const waiting = minusOrZero(sharesRequested, sharesSettled);
  const claimable = entitled === null ? 0n : minusOrZero(entitled, ticket.lamportsClaimed);
  const isSettled = sharesSettled === sharesRequested;
  return {
    address,
    ticket,
    batch,
    claimableLamports: claimable,
    openShares: mulDivUp(ticket.shares, waiting, sharesRequested) ?? 0n,
    isClaimable: claimable > 0n || isSettled,
    isSettled,
    payableEpoch: batch.epoch + 1n,
  };
}

async function withBatches(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  tickets: readonly { address: Address; ticket: Ticket }[],
  options: ReadOptions,
): Promise<TicketView[]> {
  const serials = [...new Set(tickets.map(({ ticket }) => ticket.batch))];
  const keys = await Promise.all(serials.map((serial) => batchAddress(addresses, serial)));
  const { accounts } = await readAccounts(rpc, keys, options);
  const batches = new Map<bigint, Batch>();
  for (const account of accounts) {
    // A batch outlives its tickets; one that is gone closed together with this ticket.
    if (account?.owner !== THAW_PROGRAM_ADDRESS) continue;
    const batch = decodeBatchAccount(account);
    batches.set(batch.serial, batch);
  }
  return tickets
    .flatMap(({ address, ticket }) => {
      const batch = batches.get(ticket.batch);
      return batch === undefined ? [] : [ticketView(address, ticket, batch)];
    })
    .sort(
      (a, b) => compare(a.ticket.batch, b.ticket.batch) || compare(a.ticket.nonce, b.ticket.nonce),
    );
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
