import { isAddress, type Address } from '@solana/kit';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import {
  fetchSplPool,
  fetchSplTokens,
  MigrationError,
  planMigration,
  SYSTEM_PROGRAM,
  ThawRefusal,
  SplPoolError,
  type MigrationPlan,
  type SplPool,
} from '@thaw/client';
import { deadline, poolQuery, useChain, useValidators } from '../../chain/index.js';
import { useWallet } from '../../wallet/index.js';

/** How often a quote is asked for anew, milliseconds. */
const REFRESH = 10_000;

/** The stake pool at an address, or of a mint; idle while `text` is no address. */
export function useSplPool(text: string): UseQueryResult<SplPool> {
  const { rpc, rpcUrl } = useChain();
  return useQuery({
    queryKey: ['splPool', rpcUrl, text],
    queryFn: ({ signal }) =>
      fetchSplPool(rpc, text as Address, { abortSignal: deadline(signal, 60_000) }),
    enabled: isAddress(text),
    refetchInterval: 60_000,
    retry: (count, error) => !(error instanceof SplPoolError) && count < 1,
  });
}

/** Tokens of a stake pool in the wallet; idle without either. */
export function useSplTokens(pool: SplPool | undefined): UseQueryResult<bigint> {
  const { rpc, rpcUrl } = useChain();
  const { address } = useWallet();
  return useQuery({
    queryKey: ['splTokens', rpcUrl, pool?.mint ?? null, address],
    queryFn: ({ signal }) => {
      if (!pool || !address) throw new Error('no wallet is connected');
      return fetchSplTokens(rpc, pool, address, { abortSignal: deadline(signal) });
    },
    enabled: pool !== undefined && address !== null,
    refetchInterval: REFRESH,
  });
}

/** What a migration of `tokens` takes and brings; idle without them. Quoted without a wallet too. */
export function usePlan(
  pool: SplPool | undefined,
  tokens: bigint | null,
): UseQueryResult<MigrationPlan> {
  const chain = useChain();
  const client = useQueryClient();
  const { address } = useWallet();
  const { data: validators } = useValidators();
  // Only tells which token account pays; whose, makes no difference to the quote.
  const owner = address ?? SYSTEM_PROGRAM;
  return useQuery({
    queryKey: ['migration', chain.rpcUrl, pool?.address ?? null, tokens?.toString() ?? '', owner],
    queryFn: async ({ signal }) => {
      if (!pool || tokens === null || !validators) throw new Error('nothing to quote');
      const state = await client.fetchQuery(poolQuery(chain));
      const input = { state, validators, from: pool, owner, tokens };
      return planMigration(chain.rpc, input, { abortSignal: deadline(signal) });
    },
    enabled: pool !== undefined && tokens !== null && tokens > 0n && validators !== undefined,
    refetchInterval: REFRESH,
    retry: (count, error) => !isAnswer(error) && count < 1,
  });
}

/** True for an error that asking again does not change. */
function isAnswer(error: Error): boolean {
  return error instanceof MigrationError || error instanceof ThawRefusal;
}
