import { getBase64Encoder, getU64Decoder, type Address } from '@solana/kit';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { COMMITMENT, shareAccount } from '@thaw/client';
import { useWallet } from '../../wallet/index.js';
import { useChain, type Chain } from '../context.js';
import { deadline } from '../deadline.js';
import { keyOf, KEYS } from './keys.js';
import { pollEvery } from './pace.js';

/** What a wallet holds. */
export interface Balances {
  /** SOL, lamports. */
  lamports: bigint;
  /** Shares in its associated token account, base units. */
  shares: bigint;
  /** That account. */
  shareAccount: Address;
  /** False until the first deposit, which pays the account's rent. */
  hasShareAccount: boolean;
}

/** Where a token account holds its amount. */
const AMOUNT_OFFSET = 64;

/** Reads a wallet's balances, both at one slot. */
export async function fetchBalances(
  chain: Chain,
  owner: Address,
  signal?: AbortSignal,
): Promise<Balances> {
  const ata = await shareAccount(chain.addresses, owner);
  const { value } = await chain.rpc
    .getMultipleAccounts([owner, ata], { encoding: 'base64', commitment: COMMITMENT })
    .send({ abortSignal: deadline(signal) });
  const [wallet, token] = value;
  const data = token && getBase64Encoder().encode(token.data[0]);
  const hasShareAccount = !!data && data.length >= AMOUNT_OFFSET + 8;
  return {
    lamports: wallet?.lamports ?? 0n,
    shares: hasShareAccount ? getU64Decoder().decode(data, AMOUNT_OFFSET) : 0n,
    shareAccount: ata,
    hasShareAccount,
  };
}

/** SOL and shares of the connected wallet; idle where there is none. */
export function useBalances(): UseQueryResult<Balances> {
  const chain = useChain();
  const { address } = useWallet();
  return useQuery({
    queryKey: keyOf(chain, KEYS.balances, address),
    queryFn: ({ signal }) => {
      if (!address) throw new Error('no wallet is connected');
      return fetchBalances(chain, address, signal);
    },
    enabled: address !== null,
    refetchInterval: pollEvery(chain.site.cluster),
  });
}
