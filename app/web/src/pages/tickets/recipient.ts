import type { Address, GetMultipleAccountsApi, Rpc } from '@solana/kit';
import { readAccounts } from '@thaw/client';
import { deadline } from '../../chain/index.js';

const SYSTEM_PROGRAM = '11111111111111111111111111111111';

/**
 * A ticket that is given to a mint, a token account or a program is lost: nobody can sign for it. An
 * address without an account may be a new wallet.
 * @throws where the address is no wallet.
 */
export async function mustBeWallet(rpc: Rpc<GetMultipleAccountsApi>, to: Address): Promise<void> {
  const { accounts } = await readAccounts(rpc, [to], { abortSignal: deadline() });
  const owner = accounts[0]?.owner;
  if (owner !== undefined && owner !== SYSTEM_PROGRAM) {
    throw new Error(`${to} is no wallet: it belongs to the program ${owner}.`);
  }
}
