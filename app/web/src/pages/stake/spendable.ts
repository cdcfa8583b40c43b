import { TOKEN_ACCOUNT_BYTES, type PoolState } from '@thaw/client';
import type { Balances } from '../../chain/index.js';

/** Kept for the fees of this and the next few transactions, lamports. */
export const KEPT_FOR_FEES = 200_000n;

/** What a first deposit pays for the wallet's share account, lamports; 0 where it has one. */
export function shareAccountRent({ rent }: Pick<PoolState, 'rent'>, balances: Balances): bigint {
  return balances.hasShareAccount ? 0n : rent.minimumBalance(TOKEN_ACCOUNT_BYTES);
}

/** What a wallet can stake at most: fees, and the rent of its accounts, stay. Lamports. */
export function spendable(state: Pick<PoolState, 'rent'>, balances: Balances): bigint {
  const kept = state.rent.minimumBalance(0) + shareAccountRent(state, balances) + KEPT_FOR_FEES;
  return balances.lamports > kept ? balances.lamports - kept : 0n;
}
