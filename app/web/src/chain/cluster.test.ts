import { describe, expect, it } from 'vitest';
import { mustBeCluster, WrongClusterError } from './cluster.js';
import type { Chain } from './context.js';
import type { Site } from './site.js';

const OURS = 'Gen1111111111111111111111111111111111111111';
const DEVNET = 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG';

/** A site and its server, which is of the cluster with this first block. */
function chain(genesis: string | null, server: string | Error): Pick<Chain, 'rpc' | 'site'> {
  const send = async () => {
    if (server instanceof Error) throw server;
    return server;
  };
  const site = { cluster: 'mainnet-beta', genesis } as Site;
  return { site, rpc: { getGenesisHash: () => ({ send }) } as unknown as Chain['rpc'] };
}

describe('the cluster of a server', () => {
  it('is the site’s, or nothing is signed', async () => {
    await expect(mustBeCluster(chain(OURS, OURS))).resolves.toBeUndefined();
    const other = mustBeCluster(chain(OURS, DEVNET));
    await expect(other).rejects.toThrow(WrongClusterError);
    await expect(other).rejects.toThrow(/This site is for Mainnet.*is of Devnet\./);
    await expect(mustBeCluster(chain(DEVNET, OURS))).rejects.toThrow(`first block is ${OURS}`);
  });

  it('must be told where the site says which it is, and is not asked elsewhere', async () => {
    await expect(mustBeCluster(chain(OURS, new Error('no')))).rejects.toThrow('no');
    await expect(mustBeCluster(chain(null, new Error('no')))).resolves.toBeUndefined();
  });
});
