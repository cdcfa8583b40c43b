import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { fetchTickets, type TicketView } from '@thaw/client';
import { useWallet } from '../../wallet/index.js';
import { useChain } from '../context.js';
import { deadline } from '../deadline.js';
import { keyOf, KEYS } from './keys.js';
import { pollEvery } from './pace.js';

/** Open tickets of the connected wallet, oldest first; idle where there is none. */
export function useTickets(): UseQueryResult<TicketView[]> {
  const chain = useChain();
  const { address } = useWallet();
  return useQuery({
    queryKey: keyOf(chain, KEYS.tickets, address),
    queryFn: ({ signal }) => {
      if (!address) throw new Error('no wallet is connected');
      return fetchTickets(chain.rpc, chain.addresses, address, { abortSignal: deadline(signal) });
    },
    enabled: address !== null,
    refetchInterval: pollEvery(chain.site.cluster, 30_000),
  });
}
