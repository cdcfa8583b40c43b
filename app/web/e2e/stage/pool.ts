import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPOSITORY } from './paths.js';
import type { StageInfo } from './stage.js';
import { thaw } from './thaw.js';

/** Weights of the validators that the pool lists. */
const WEIGHTS = [30, 25, 22, 18, 5];

/**
 * Opens a pool by the command line, as docs/operate.md says: create, validators, weights, and a
 * first deposit of `deposits` SOL by the admin.
 */
export async function openPool(
  cluster: Pick<StageInfo, 'rpcUrl' | 'mint' | 'keys' | 'addresses' | 'votes'>,
  folder: string,
  deposits: number,
): Promise<{ mint: string; pool: string }> {
  const { operator, guardian } = cluster.addresses;
  const opened = await thaw<{ mint: string; pool: string }>(cluster, 'admin', [
    ...['create', '--yes', '--bootstrap', '10'],
    ...['--file', join(REPOSITORY, 'migrations/config.toml')],
    // An epoch takes seconds here: half of it for moving stake. Many leave at once in the tests.
    ...['--set', 'move_window_bps=5000', '--set', 'liquidity_target_bps=500'],
    ...['--operator', operator, '--guardian', guardian],
  ]);
  const stage = { ...cluster, mint: opened.mint };
  const listed = cluster.votes.slice(0, WEIGHTS.length);
  await thaw(stage, 'operator', ['validator', 'add', ...listed]);
  const csv = join(folder, 'weights.csv');
  await writeFile(csv, listed.map((vote, place) => `${vote},${String(WEIGHTS[place])}\n`).join(''));
  await thaw(stage, 'operator', ['validator', 'weights', csv, '--yes']);
  await thaw(stage, 'admin', ['deposit', String(deposits)]);
  return { mint: opened.mint, pool: opened.pool };
}
