import type { Rpc, RpcSubscriptions, SolanaRpcApi, SolanaRpcSubscriptionsApi } from '@solana/kit';
import type { PoolAddresses } from '@thaw/client';
import { createContext, useContext } from 'react';
import type { Site } from './site.js';

/** The pool of this site and the servers that tell about it. */
export interface Chain {
  site: Site;
  addresses: PoolAddresses;
  rpcUrl: string;
  wsUrl: string;
  rpc: Rpc<SolanaRpcApi>;
  subscriptions: RpcSubscriptions<SolanaRpcSubscriptionsApi>;
}

export const ChainContext = createContext<Chain | null>(null);

/**
 * The chain.
 * @throws outside of a `ChainProvider`.
 */
export function useChain(): Chain {
  const chain = useContext(ChainContext);
  if (!chain) throw new Error('useChain is used outside of ChainProvider');
  return chain;
}
