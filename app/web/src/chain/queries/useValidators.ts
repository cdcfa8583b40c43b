import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { fetchValidators, type ValidatorView } from '@thaw/client';
import { useChain } from '../context.js';
import { deadline } from '../deadline.js';
import { keyOf, KEYS } from './keys.js';
import { pollEvery } from './pace.js';
import { poolQuery } from './usePoolState.js';

/** Every validator of the pool with its stake accounts and its vote account. */
export function useValidators(): UseQueryResult<ValidatorView[]> {
  const chain = useChain();
  const client = useQueryClient();
  return useQuery({
    queryKey: keyOf(chain, KEYS.validators),
    queryFn: async ({ signal }) => {
      const state = await client.ensureQueryData(poolQuery(chain));
      return fetchValidators(chain.rpc, state, { abortSignal: deadline(signal, 60_000) });
    },
    refetchInterval: pollEvery(chain.site.cluster, 60_000),
  });
}
