import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { readGenesis } from '../cluster.js';
import { useChain } from '../context.js';
import { deadline } from '../deadline.js';

/** How often a server is asked again, milliseconds: another may stand behind its name by then. */
const AGAIN = 60_000;
/** The same while it has not told. */
const SOON = 3_000;

/**
 * The hash of the first block of the server's cluster; `undefined` until the server told, or where the
 * site does not say which it should be.
 */
export function useGenesis(): UseQueryResult<string> {
  const chain = useChain();
  return useQuery({
    queryKey: ['genesis', chain.rpcUrl],
    enabled: chain.site.genesis !== null,
    queryFn: ({ signal }) => readGenesis(chain, deadline(signal)),
    refetchInterval: ({ state }) => (state.data === undefined ? SOON : AGAIN),
    staleTime: AGAIN,
  });
}
