import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type KeyPairSigner,
  createKeyPairSignerFromPrivateKeyBytes,
  getAddressEncoder,
} from '@solana/kit';

/** A wallet whose secret the tests know. */
export interface Key {
  readonly signer: KeyPairSigner;
  readonly address: string;
  /** 32 bytes from which the key pair follows. */
  readonly seed: Uint8Array;
}

/** Makes a new wallet. */
export function newKey(): Promise<Key> {
  return keyOf(new Uint8Array(randomBytes(32)));
}

/** The wallet of a seed of 32 bytes. */
export async function keyOf(seed: Uint8Array): Promise<Key> {
  const signer = await createKeyPairSignerFromPrivateKeyBytes(seed);
  return { signer, address: signer.address, seed };
}

/** Makes a new wallet with a key file as the Solana CLI writes it. */
export async function newKeyFile(folder: string, name: string): Promise<Key & { path: string }> {
  const key = await newKey();
  const path = join(folder, `${name}.json`);
  const bytes = [...key.seed, ...getAddressEncoder().encode(key.signer.address)];
  await writeFile(path, JSON.stringify(bytes), { mode: 0o600 });
  return { ...key, path };
}
