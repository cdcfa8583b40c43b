import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { fetchStakeAccounts, type StakeAccountView } from '@thaw/client';
import { useWallet } from '../../wallet/index.js';
import { useChain } from '../context.js';
import { deadline } from '../deadline.js';
import { keyOf, KEYS } from './keys.js';
import { pollEvery } from './pace.js';

/** Stake accounts that the connected wallet may withdraw from; idle where there is none. */
export function useStakeAccounts(): UseQueryResult<StakeAccountView[]> {
  const chain = useChain();
  const { address } = useWallet();
  return useQuery({
    queryKey: keyOf(chain, KEYS.stakeAccounts, address),
    queryFn: ({ signal }) => {
      if (!address) throw new Error('no wallet is connected');
      return fetchStakeAccounts(chain.rpc, address, { abortSignal: deadline(signal) });
    },
    enabled: address !== null,
    refetchInterval: pollEvery(chain.site.cluster, 60_000),
  });
}
