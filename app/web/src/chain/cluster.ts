import { CLUSTER_NAMES, clusterName, type Site } from './site.js';
import type { Chain } from './context.js';
import { deadline } from './deadline.js';

/** The RPC server is of another cluster than the site: nothing it says counts. */
export class WrongClusterError extends Error {
  override readonly name = 'WrongClusterError';

  constructor(
    readonly site: Pick<Site, 'cluster'>,
    /** Hash of the first block of the server's cluster. */
    readonly genesis: string,
  ) {
    super(wrongClusterWords(site, genesis));
  }
}

/** Which cluster the server is of, and which it should be of. */
export function wrongClusterWords({ cluster }: Pick<Site, 'cluster'>, genesis: string): string {
  const found = clusterName(genesis) ?? `another network, whose first block is ${genesis}`;
  return `This site is for ${CLUSTER_NAMES[cluster]}. The RPC server is of ${found}.`;
}

/** The hash of the first block of the server's cluster. Throws kit's errors of the server. */
export async function readGenesis(
  { rpc }: Pick<Chain, 'rpc'>,
  abortSignal: AbortSignal = deadline(),
): Promise<string> {
  return rpc.getGenesisHash().send({ abortSignal });
}

/**
 * Asks the server which cluster it is of, where the site says which it should be.
 * @throws {WrongClusterError} where it is not the site's; kit's errors of the server.
 */
export async function mustBeCluster(chain: Pick<Chain, 'rpc' | 'site'>): Promise<void> {
  if (chain.site.genesis === null) return;
  const genesis = await readGenesis(chain);
  if (genesis !== chain.site.genesis) throw new WrongClusterError(chain.site, genesis);
}
