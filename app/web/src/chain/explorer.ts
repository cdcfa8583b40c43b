import type { ExplorerLink } from '../ui/index.js';
import type { Cluster } from './site.js';

/** Makes links to the explorer of a cluster. */
export function explorerLink(cluster: Cluster, rpcUrl: string): ExplorerLink {
  const query = {
    'mainnet-beta': '',
    testnet: '?cluster=testnet',
    devnet: '?cluster=devnet',
    localnet: `?cluster=custom&customUrl=${encodeURIComponent(rpcUrl)}`,
  }[cluster];
  return (subject, id) => `https://explorer.solana.com/${subject}/${id}${query}`;
}
