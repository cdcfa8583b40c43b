import {
  type Address,
  getAddressDecoder,
  getAddressEncoder,
  getProgramDerivedAddress,
  getU64Encoder,
} from '@solana/kit';
import { findAssociatedTokenPda } from '@solana-program/token';
import { METADATA_PROGRAM, SLOTS, TOKEN_PROGRAM } from './constants.js';
import { THAW_PROGRAM_ADDRESS } from './generated/index.js';

/** Every fixed address of a pool. */
export type PoolAddresses = {
  /** The share mint. */
  readonly mint: Address;
  /** The pool. */
  readonly pool: Address;
  /** Holds liquid SOL. */
  readonly reserve: Address;
  /** Signs for stake, mint and escrow; never exists. */
  readonly authority: Address;
  /** The validator list. */
  readonly validators: Address;
  /** Token account for shares in open batches. */
  readonly escrow: Address;
  /** Token account for the shares that never leave. */
  readonly bootstrap: Address;
};

const key = getAddressEncoder();
const u64 = getU64Encoder();
const SLOT_SEED = new TextEncoder().encode('stake');
/** What the runtime appends to the seeds of a derived address. */
const PDA_MARKER = new TextEncoder().encode('ProgramDerivedAddress');

/** The addresses of the pool of a share mint. */
export async function poolAddresses(mint: Address): Promise<PoolAddresses> {
  const pool = await derive(['pool', key.encode(mint)]);
  const of = (seed: string) => derive([seed, key.encode(pool)]);
  const [reserve, authority, validators, escrow, bootstrap] = await Promise.all([
    of('reserve'),
    of('authority'),
    of('validators'),
    of('escrow'),
    of('bootstrap'),
  ]);
  return { mint, pool, reserve, authority, validators, escrow, bootstrap };
}

/** Stake slot `slot`, 0 to 2, of a validator. */
export async function slotAddress(
  addresses: Pick<PoolAddresses, 'pool'>,
  vote: Address,
  slot: number,
): Promise<Address> {
  return derive(['stake', key.encode(addresses.pool), key.encode(vote), Uint8Array.of(slot)]);
}

/** The three stake slots of a validator. */
export async function slotAddresses(
  addresses: Pick<PoolAddresses, 'pool'>,
  vote: Address,
): Promise<[Address, Address, Address]> {
  const slots = Array.from({ length: SLOTS }, (_, slot) => slotAddress(addresses, vote, slot));
  return (await Promise.all(slots)) as [Address, Address, Address];
}

/**
 * The three stake slots of a validator by the bumps of its record: one hash each, where
 * {@link slotAddresses} searches. The program finds them the same way.
 */
export async function slotAddressesByBump(
  addresses: Pick<PoolAddresses, 'pool'>,
  vote: Address,
  bumps: readonly number[],
): Promise<Address[]> {
  const tail = [...key.encode(THAW_PROGRAM_ADDRESS), ...PDA_MARKER];
  const head = [...SLOT_SEED, ...key.encode(addresses.pool), ...key.encode(vote)];
  const hashes = bumps.map((bump, slot) =>
    crypto.subtle.digest('SHA-256', Uint8Array.of(...head, slot, bump, ...tail)),
  );
  const decoder = getAddressDecoder();
  return (await Promise.all(hashes)).map((hash) => decoder.decode(new Uint8Array(hash)));
}

/** The marker of a listed vote account. */
export async function markerAddress(
  addresses: Pick<PoolAddresses, 'pool'>,
  vote: Address,
): Promise<Address> {
  return derive(['validator', key.encode(addresses.pool), key.encode(vote)]);
}

/** The withdrawal batch with this serial. */
export async function batchAddress(
  addresses: Pick<PoolAddresses, 'pool'>,
  serial: bigint,
): Promise<Address> {
  return derive(['batch', key.encode(addresses.pool), u64.encode(serial)]);
}

/** A ticket, by who requested it first and the nonce it chose. */
export async function ticketAddress(
  addresses: Pick<PoolAddresses, 'pool'>,
  firstOwner: Address,
  nonce: bigint,
): Promise<Address> {
  const [address] = await ticketAddressWithBump(addresses, firstOwner, nonce);
  return address;
}

/** The same with the bump, which a request names. */
export async function ticketAddressWithBump(
  addresses: Pick<PoolAddresses, 'pool'>,
  firstOwner: Address,
  nonce: bigint,
): Promise<readonly [Address, number]> {
  return getProgramDerivedAddress({
    programAddress: THAW_PROGRAM_ADDRESS,
    seeds: ['ticket', key.encode(addresses.pool), key.encode(firstOwner), u64.encode(nonce)],
  });
}

/** A pool's view in the layout of an SPL stake pool; not every pool has one. */
export async function splViewAddress(addresses: Pick<PoolAddresses, 'pool'>): Promise<Address> {
  const [address] = await getProgramDerivedAddress({
    programAddress: THAW_PROGRAM_ADDRESS,
    seeds: ['spl-view', key.encode(addresses.pool)],
  });
  return address;
}

/** The share mint's metadata, of the metadata program. */
export async function metadataAddress(addresses: Pick<PoolAddresses, 'mint'>): Promise<Address> {
  const [address] = await getProgramDerivedAddress({
    programAddress: METADATA_PROGRAM,
    seeds: ['metadata', key.encode(METADATA_PROGRAM), key.encode(addresses.mint)],
  });
  return address;
}

/** The associated token account of `owner` for shares: where wallets look for them. */
export async function shareAccount(
  addresses: Pick<PoolAddresses, 'mint'>,
  owner: Address,
): Promise<Address> {
  const seeds = { mint: addresses.mint, owner, tokenProgram: TOKEN_PROGRAM };
  const [address] = await findAssociatedTokenPda(seeds);
  return address;
}

type Seeds = Parameters<typeof getProgramDerivedAddress>[0]['seeds'];

async function derive(seeds: Seeds): Promise<Address> {
  const [address] = await getProgramDerivedAddress({
    programAddress: THAW_PROGRAM_ADDRESS,
    seeds,
  });
  return address;
}
