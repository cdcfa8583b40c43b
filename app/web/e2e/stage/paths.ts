import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** The built app; `THAW_SITE` names another build. */
export const SITE = process.env['THAW_SITE'] ?? join(REPOSITORY, 'app/web/dist');

/** Logs of the processes, kept after a run. */
export const LOGS = join(REPOSITORY, 'app/web/test-results/stage');

/** The program's bytecode, as `make build` leaves it. */
export const PROGRAM = join(REPOSITORY, 'target/deploy/thaw.so');

/** The SPL stake pool program, as `toolchain/fetch-peers` leaves it; it may be missing. */
export const SPL_POOL_BYTECODE = join(REPOSITORY, 'target/fixtures/spl_stake_pool.so');

/**
 * The path of a binary of the workspace, where the Makefile's targets put it.
 *
 * @throws When it has not been built.
 */
export function binary(name: 'thaw' | 'thaw-keeper' | 'thaw-localnet'): string {
  const { CARGO_TARGET_DIR, THAW_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = THAW_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'thaw');
  const path = join(CARGO_TARGET_DIR ?? join(cache, 'target'), 'debug', name);
  if (existsSync(path)) return path;
  throw new Error(`${path} is missing: cargo build --locked --workspace --bin ${name}`);
}

/** The program's address, from the committed IDL. */
export function programAddress(): string {
  const idl: unknown = JSON.parse(readFileSync(join(REPOSITORY, 'idls/thaw.json'), 'utf8'));
  if (typeof idl === 'object' && idl !== null && 'address' in idl) return String(idl.address);
  throw new Error('idls/thaw.json names no address');
}
