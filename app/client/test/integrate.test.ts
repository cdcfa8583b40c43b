import {
  type Address,
  createNoopSigner,
  type GetMultipleAccountsApi,
  type Instruction,
  type ReadonlyUint8Array,
  type Rpc,
  type TransactionSigner,
} from '@solana/kit';
import { describe, expect, it } from 'vitest';
import {
  depositSol,
  fetchPoolState,
  findPool,
  isRefusal,
  leastOf,
  newNonce,
  type PoolState,
  quoteDeposit,
  quoteWithdraw,
  requestWithdrawal,
  withdrawInstant,
} from '../src/index.js';
import * as thaw from '../src/index.js';
import { accountsOf, server, type Stored, vectors } from './vectors.js';

// region: raw-rate
/** The first bytes of a pool: its type and its layout's version. */
const POOL = [241, 154, 109, 4, 17, 177, 109, 188, 1];

/**
 * Lamports per 10^9 shares as the pool wrote it last, and when it was finalized, unix seconds. The
 * caller compares the account's address with the pool it lists: anybody can open one.
 */
export function rawRate(
  data: ReadonlyUint8Array,
): { lamports: bigint; finalizedAt: bigint } | null {
  if (POOL.some((byte, at) => data[at] !== byte)) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const nav = view.getBigUint64(48, true);
  const shares = view.getBigUint64(56, true);
  if (nav === 0n || shares === 0n) return null;
  return { lamports: (nav * 1_000_000_000n) / shares, finalizedAt: view.getBigInt64(184, true) };
}
// endregion

// region: deposit
/** Deposits `lamports` for at most 10 basis points less than quoted. Throws where it is closed. */
export async function enter(
  rpc: Rpc<GetMultipleAccountsApi>,
  mint: Address,
  owner: TransactionSigner,
  lamports: bigint,
): Promise<Instruction[]> {
  const state = await fetchPoolState(rpc, await findPool(rpc, mint));
  const { shares } = quoteDeposit(state, lamports);
  return depositSol({ state, owner, lamports, minOut: leastOf(shares, 10) });
}
// endregion

// region: exit
/** Leaves at once where that costs at most `mostFee` lamports, else by a ticket. */
export async function leave(
  state: PoolState,
  owner: TransactionSigner,
  shares: bigint,
  mostFee: bigint,
): Promise<Instruction[]> {
  const { instant } = quoteWithdraw(state, shares);
  if (isRefusal(instant) || instant.feeLamports > mostFee) {
    // Never closed, no fee; a keeper pays it out once it is settled.
    return requestWithdrawal({ state, owner, shares, nonce: newNonce() });
  }
  return withdrawInstant({ state, owner, shares, minOut: leastOf(instant.lamports, 10) });
}
// endregion

type Pools = Record<string, { accounts: Record<string, Stored>; mint: Address }>;

/** A pool that the bytecode wrote, behind a server. */
function pool(name: string) {
  const found = vectors<Pools>('pools')[name];
  if (found === undefined) throw new Error(`no pool ${name}`);
  const accounts = accountsOf(found.accounts);
  return { accounts, rpc: server(accounts), mint: found.mint };
}

const owner = createNoopSigner('9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu' as Address);

describe('the examples of docs/integrate.md', () => {
  it('read the rate from bytes', async () => {
    for (const name of ['warm', 'gain, half released', 'fees and a referrer']) {
      const { accounts, rpc, mint } = pool(name);
      const { addresses, pool: decoded } = await fetchPoolState(rpc, await findPool(rpc, mint));
      const account = accounts.get(addresses.pool);
      const read = account === undefined ? null : rawRate(account.data);
      expect(read).toEqual({
        lamports: (decoded.navLamports * thaw.UNIT) / decoded.shares,
        finalizedAt: decoded.finalizedAt,
      });
      const list = accounts.get(addresses.validators);
      expect(list && rawRate(list.data)).toBeNull();
    }
  });

  it('deposit', async () => {
    const { rpc, mint } = pool('gain, half released');
    const [open, deposit] = await enter(rpc, mint, owner, thaw.UNIT);
    expect(open?.accounts?.[0]?.address).toBe(owner.address);
    const data = thaw
      .getDepositSolInstructionDataDecoder()
      .decode(deposit?.data ?? new Uint8Array());
    const state = await fetchPoolState(rpc, await findPool(rpc, mint));
    expect(data.lamports).toBe(thaw.UNIT);
    expect(data.minShares).toBe(leastOf(quoteDeposit(state, thaw.UNIT).shares, 10));
    const paused = pool('paused');
    await expect(enter(paused.rpc, paused.mint, owner, 1n)).rejects.toMatchObject({
      rule: 'Paused',
    });
  });

  it('leave at once, or by a ticket', async () => {
    const { rpc, mint } = pool('warm');
    const state = await fetchPoolState(rpc, await findPool(rpc, mint));
    const { instant } = quoteWithdraw(state, thaw.UNIT);
    if (isRefusal(instant)) throw instant;
    const first = async (shares: bigint, fee: bigint) => {
      const [instruction] = await leave(state, owner, shares, fee);
      return thaw.identifyThawInstruction({ data: instruction?.data ?? new Uint8Array() });
    };
    expect(await first(thaw.UNIT, instant.feeLamports)).toBe(thaw.ThawInstruction.WithdrawInstant);
    expect(await first(thaw.UNIT, instant.feeLamports - 1n)).toBe(
      thaw.ThawInstruction.RequestWithdrawal,
    );
    // More than is liquid: refused at once, taken by a ticket.
    expect(await first(2_900n * thaw.UNIT, thaw.U64_MAX)).toBe(
      thaw.ThawInstruction.RequestWithdrawal,
    );
  });
});
