import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { fetchVotes, type Votes } from '@thaw/client';
import { useChain } from '../context.js';
import { deadline } from '../deadline.js';
import { keyOf, KEYS } from './keys.js';
import { usePoolState } from './usePoolState.js';
import { useValidators } from './useValidators.js';

/**
 * In which epochs the pool's validators voted. Whole vote accounts are large and past epochs do not
 * change, so they are read once per epoch.
 */
export function useVotes(): UseQueryResult<Votes> {
  const chain = useChain();
  const { data: state } = usePoolState();
  const { data: validators } = useValidators();
  const epoch = state?.clock.epoch.toString() ?? null;
  return useQuery({
    queryKey: keyOf(chain, KEYS.votes, epoch),
    queryFn: ({ signal }) => {
      const votes = validators?.map(({ vote }) => vote) ?? [];
      return fetchVotes(chain.rpc, votes, { abortSignal: deadline(signal, 60_000) });
    },
    enabled: epoch !== null && validators !== undefined,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    // What was read in the last epoch stands until this one's is there.
    placeholderData: (last) => last,
  });
}
