import {
  address,
  getAddressDecoder,
  getBase64Encoder,
  getU32Decoder,
  getU64Decoder,
  type Address,
  type GetAccountInfoApi,
  type ReadonlyUint8Array,
  type Rpc,
} from '@solana/kit';
import { COMMITMENT } from '@thaw/client';

/** The loader of programs that can be upgraded. */
export const LOADER = address('BPFLoaderUpgradeab1e11111111111111111111111');
/** Bytes before a program's own in its data account: tag, slot, optional authority. */
export const PROGRAM_DATA_HEADER = 45;
/** Tags of the loader's accounts. */
const PROGRAM_TAG = 2;
const PROGRAM_DATA_TAG = 3;
/** Bytes that are read at once, so that progress can be shown and a read can be cancelled. */
const CHUNK = 64 * 1024;

/** What the loader says of a program. */
export type ProgramInfo = {
  readonly program: Address;
  /** The account that holds its bytes. */
  readonly programData: Address;
  /** Who may replace it; null where nobody can any more. */
  readonly upgradeAuthority: Address | null;
  /** The slot in which it was last deployed. */
  readonly deployedSlot: bigint;
  /** Bytes of the data account, header included. */
  readonly accountBytes: number;
};

/** What is at a program's address is not what the loader keeps there. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

type ProgramRpc = Rpc<GetAccountInfoApi>;

/**
 * Reads who may upgrade `program` and where its bytes are.
 *
 * Throws {@link ProgramError} where there is no such program, and the server's errors.
 */
export async function fetchProgramInfo(
  rpc: ProgramRpc,
  program: Address,
  abortSignal?: AbortSignal,
): Promise<ProgramInfo> {
  const head = await fetchSlice(rpc, program, 0, 36, abortSignal);
  if (head.owner !== LOADER) {
    throw new ProgramError(`${program} is not a program that can be upgraded`);
  }
  const programData = readProgram(head.bytes);
  const data = await fetchSlice(rpc, programData, 0, PROGRAM_DATA_HEADER, abortSignal);
  return { program, programData, accountBytes: data.space, ...readProgramData(data.bytes) };
}

/** The address of the data account that a program account names. */
export function readProgram(bytes: ReadonlyUint8Array): Address {
  if (bytes.length < 36 || getU32Decoder().decode(bytes) !== PROGRAM_TAG) {
    throw new ProgramError('the account is not a program');
  }
  return getAddressDecoder().decode(bytes, 4);
}

/** Slot and authority in the head of a program's data account. */
export function readProgramData(
  bytes: ReadonlyUint8Array,
): Pick<ProgramInfo, 'upgradeAuthority' | 'deployedSlot'> {
  if (bytes.length < PROGRAM_DATA_HEADER || getU32Decoder().decode(bytes) !== PROGRAM_DATA_TAG) {
    throw new ProgramError('the program was closed');
  }
  return {
    deployedSlot: getU64Decoder().decode(bytes, 4),
    upgradeAuthority: bytes[12] === 0 ? null : getAddressDecoder().decode(bytes, 13),
  };
}

/**
 * Reads a program's bytes in pieces. `onProgress` is told the part that has been read, 0 to 1.
 *
 * Throws {@link ProgramError} where the program is replaced meanwhile, an `AbortError` when
 * cancelled, and the server's errors.
 */
export async function fetchProgramBytes(
  rpc: ProgramRpc,
  info: ProgramInfo,
  onProgress: (part: number) => void,
  abortSignal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(info.accountBytes - PROGRAM_DATA_HEADER);
  for (let at = 0; at < bytes.length; at += CHUNK) {
    abortSignal?.throwIfAborted();
    const length = Math.min(CHUNK, bytes.length - at);
    const from = PROGRAM_DATA_HEADER + at;
    const slice = await fetchSlice(rpc, info.programData, from, length, abortSignal);
    if (slice.bytes.length !== length) throw new ProgramError('the server left bytes out');
    bytes.set(slice.bytes, at);
    onProgress((at + length) / bytes.length);
  }
  const now = await fetchProgramInfo(rpc, info.program, abortSignal);
  if (now.deployedSlot !== info.deployedSlot) {
    throw new ProgramError('the program was replaced while it was read');
  }
  return bytes;
}

/** `bytes` without the zeros at their end: an account may be longer than the program in it. */
export function trimZeros(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return bytes.subarray(0, length);
}

/**
 * SHA-256 of a program's bytes without the zeros at their end, in hex: what `make build` prints.
 *
 * Throws {@link ProgramError} where the page was not loaded over https, since browsers compute no
 * hashes there.
 */
export async function programHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Missing where the page is not in a secure context, whatever its type says.
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new ProgramError('this browser computes hashes only on pages that come over https');
  }
  const hash = new Uint8Array(await subtle.digest('SHA-256', trimZeros(bytes)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** How a pasted hash compares with the one on chain. */
export type HashComparison = 'none' | 'no-hash' | 'same' | 'different';

/** Compares `pasted`, in which anything around the 64 digits is ignored, with `hash`. */
export function compareHash(pasted: string, hash: string): HashComparison {
  if (pasted.trim() === '') return 'none';
  const digits = /\b[0-9a-f]{64}\b/i.exec(pasted)?.[0];
  if (digits === undefined) return 'no-hash';
  return digits.toLowerCase() === hash ? 'same' : 'different';
}

async function fetchSlice(
  rpc: ProgramRpc,
  account: Address,
  offset: number,
  length: number,
  abortSignal?: AbortSignal,
): Promise<{ owner: Address; space: number; bytes: ReadonlyUint8Array }> {
  const request = rpc.getAccountInfo(account, {
    commitment: COMMITMENT,
    encoding: 'base64',
    dataSlice: { offset, length },
  });
  const { value } = await request.send(abortSignal === undefined ? {} : { abortSignal });
  if (value === null) throw new ProgramError(`there is no account at ${account}`);
  return {
    owner: value.owner,
    space: Number(value.space),
    bytes: getBase64Encoder().encode(value.data[0]),
  };
}
