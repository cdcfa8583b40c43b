import { createSolanaRpc, createSolanaRpcSubscriptions } from '@solana/kit';
import type { PoolAddresses } from '@thaw/client';
import { useMemo, type ReactNode } from 'react';
import { ExplorerContext } from '../ui/index.js';
import { ChainContext, type Chain } from './context.js';
import { explorerLink } from './explorer.js';
import { useSettings } from './settings.js';
import type { Site } from './site.js';

export interface ChainProviderProps {
  site: Site;
  addresses: PoolAddresses;
  children: ReactNode;
}

/** Gives the pages the pool, and the servers that the site or the user names. */
export function ChainProvider({ site, addresses, children }: ChainProviderProps) {
  const [{ rpc, ws }] = useSettings();
  const rpcUrl = rpc ?? site.rpc;
  const wsUrl = ws ?? site.ws;
  const chain = useMemo<Chain>(
    () => ({
      site,
      addresses,
      rpcUrl,
      wsUrl,
      rpc: createSolanaRpc(rpcUrl),
      subscriptions: createSolanaRpcSubscriptions(wsUrl),
    }),
    [site, addresses, rpcUrl, wsUrl],
  );
  const explorer = useMemo(() => explorerLink(site.cluster, rpcUrl), [site.cluster, rpcUrl]);
  return (
    <ExplorerContext value={explorer}>
      <ChainContext value={chain}>{children}</ChainContext>
    </ExplorerContext>
  );
}
