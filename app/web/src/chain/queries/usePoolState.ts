import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { fetchPoolState, type PoolState } from '@thaw/client';
import { useChain, type Chain } from '../context.js';
import { deadline } from '../deadline.js';
import { keyOf, KEYS } from './keys.js';
import { pollEvery } from './pace.js';

/** The query for the pool; the same for hooks and for code outside of React. */
export function poolQuery(chain: Chain) {
  return {
    queryKey: keyOf(chain, KEYS.pool),
    queryFn: ({ signal }: { signal?: AbortSignal }): Promise<PoolState> =>
      fetchPoolState(chain.rpc, chain.addresses, { abortSignal: deadline(signal) }),
  };
}

/**
 * The pool, its clock and its open batches, as of one slot. Stays what it was when the server fails:
 * `isRefetchError` is true then, and `dataUpdatedAt` says how old it is.
 */
export function usePoolState(): UseQueryResult<PoolState> {
  const chain = useChain();
  return useQuery({ ...poolQuery(chain), refetchInterval: pollEvery(chain.site.cluster) });
}
