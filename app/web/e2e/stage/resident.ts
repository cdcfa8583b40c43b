import type { Key } from './key.js';
import { stakeNatively } from './native.js';
import { SOL, type StageInfo } from './stage.js';
import { thaw } from './thaw.js';

/**
 * Gives a holder something of everything that the pages show: shares, a ticket that is payable from
 * the next epoch on, and a stake account that is active then.
 */
export async function settleResident(stage: StageInfo, key: Key): Promise<void> {
  await thaw(stage, 'resident', ['deposit', '40']);
  await thaw(stage, 'resident', ['withdraw', '2.5', '--ticket']);
  const [vote] = stage.votes;
  if (vote === undefined) throw new Error('the cluster has no validators');
  await stakeNatively(stage.rpcUrl, key, vote, 3n * SOL);
}

/** Gives a wallet the shares that `sol` SOL buy; the admin pays. */
export async function giveShares(stage: StageInfo, owner: string, sol: string): Promise<void> {
  await thaw(stage, 'admin', ['deposit', sol, '--recipient', owner]);
}
