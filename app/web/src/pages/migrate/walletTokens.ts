import {
  getAddressDecoder,
  getBase64Encoder,
  getU64Decoder,
  type Address,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type GetTokenAccountsByOwnerApi,
  type ReadonlyUint8Array,
  type Rpc,
} from '@solana/kit';
import {
  COMMITMENT,
  fetchSplPool,
  readAccounts,
  SplPoolError,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
  type SplPool,
} from '@thaw/client';

/** Mints that are looked up at most: each asks the server up to four questions. */
const MOST = 12;
/** Places in a token account. */
const AMOUNT_AT = 64;
/** Places in a mint: tag of the authority, decimals, tag of the freeze authority. */
const MINT_BYTES = 82;
const DECIMALS_AT = 44;
const FREEZE_TAG_AT = 46;

/** Tokens of a stake pool in a wallet. */
export type Found = {
  readonly pool: SplPool;
  /** Base units in all accounts of the wallet. */
  readonly tokens: bigint;
};

type WalletRpc = Rpc<GetMultipleAccountsApi & GetProgramAccountsApi & GetTokenAccountsByOwnerApi>;

/**
 * Looks through the tokens of a wallet for those of SPL stake pools, most first. `own`: the mint of
 * this pool's shares, which are none.
 *
 * Throws the server's errors, and an `AbortError` when cancelled.
 */
export async function findStakePoolTokens(
  rpc: WalletRpc,
  owner: Address,
  own: Address,
  abortSignal: AbortSignal,
): Promise<Found[]> {
  const held = await heldBy(rpc, owner, abortSignal);
  held.delete(own);
  const mints = [...held.keys()];
  const { accounts } = await readAccounts(rpc, mints, { abortSignal });
  const likely = mints.filter((_, place) => {
    const mint = accounts[place];
    return mint !== null && mint !== undefined && canBePoolMint(mint.data);
  });
  const found: Found[] = [];
  for (const mint of likely.slice(0, MOST)) {
    abortSignal.throwIfAborted();
    const pool = await poolOf(rpc, mint, abortSignal);
    if (pool !== null) found.push({ pool, tokens: held.get(mint) ?? 0n });
  }
  return found.sort((a, b) => (a.tokens < b.tokens ? 1 : -1));
}

/** The pool whose tokens are of `mint`, if there is one. */
async function poolOf(
  rpc: WalletRpc,
  mint: Address,
  abortSignal: AbortSignal,
): Promise<SplPool | null> {
  try {
    return await fetchSplPool(rpc, mint, { abortSignal });
  } catch (error) {
    if (error instanceof SplPoolError) return null;
    throw error;
  }
}

/** Base units by mint. */
async function heldBy(
  rpc: WalletRpc,
  owner: Address,
  abortSignal: AbortSignal,
): Promise<Map<Address, bigint>> {
  const held = new Map<Address, bigint>();
  for (const programId of [TOKEN_PROGRAM, TOKEN_2022_PROGRAM]) {
    const request = rpc.getTokenAccountsByOwner(
      owner,
      { programId },
      { commitment: COMMITMENT, encoding: 'base64' },
    );
    const { value } = await request.send({ abortSignal });
    for (const { account } of value) {
      const token = readToken(getBase64Encoder().encode(account.data[0]));
      if (token === null || token.amount === 0n) continue;
      held.set(token.mint, (held.get(token.mint) ?? 0n) + token.amount);
    }
  }
  return held;
}

/** Mint and amount of a token account; null where the data are none's. */
export function readToken(data: ReadonlyUint8Array): { mint: Address; amount: bigint } | null {
  if (data.length < AMOUNT_AT + 8) return null;
  return {
    mint: getAddressDecoder().decode(data),
    amount: getU64Decoder().decode(data, AMOUNT_AT),
  };
}

/** True where a mint looks as a stake pool's does: 9 decimals, an authority, nobody who can freeze. */
export function canBePoolMint(data: ReadonlyUint8Array): boolean {
  return (
    data.length >= MINT_BYTES &&
    data[0] === 1 &&
    data[DECIMALS_AT] === 9 &&
    data[FREEZE_TAG_AT] === 0
  );
}
