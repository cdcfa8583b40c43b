import {
  type Address,
  createNoopSigner,
  getBase64Decoder,
  type Instruction,
  isSignerRole,
  isWritableRole,
} from '@solana/kit';
import { describe, expect, it } from 'vitest';
import * as thaw from '../src/index.js';
import { accountsOf, big, bytesOf, server, type Stored, type Text, vectors } from './vectors.js';

type Shown = { program: string; accounts: [string, boolean, boolean][]; data: string };
type SplPoolCase = {
  address: Address;
  program: Address;
  account: string;
  listAddress: Address;
  list: string;
  from: Address;
  withdrawals: [string, Text, Text][];
  preferred: Address | null;
  gives: string[];
  stakeAccounts: Address[];
  withdrawStake: Shown;
};
type Cases = {
  parts: Record<'mint' | 'owner' | 'other' | 'vote', Address>;
  instructions: Record<string, Shown>;
  sync: { records: [number, Address, string][]; instructions: Shown[] };
  splPools: SplPoolCase[];
};

const cases = vectors<Cases>('instructions');
const { mint, owner, other, vote } = cases.parts;
const pools = vectors<Record<string, { accounts: Record<string, Stored>; mint: Address }>>('pools');

/** An instruction as the vectors hold it. */
function shown({ programAddress, accounts, data }: Instruction): Shown {
  return {
    program: programAddress,
    accounts: (accounts ?? []).map(({ address, role }) => [
      address,
      isWritableRole(role),
      isSignerRole(role),
    ]),
    data: getBase64Decoder().decode(data ?? new Uint8Array()),
  };
}

async function state(): Promise<thaw.PoolState> {
  const pool = pools['warm'];
  if (pool === undefined) throw new Error('no such pool');
  const rpc = server(accountsOf(pool.accounts));
  const read = await thaw.fetchPoolState(rpc, await thaw.poolAddresses(pool.mint));
  return { ...read, addresses: await thaw.poolAddresses(mint) };
}

describe('transactions', () => {
  it.each(['address', 'signer'])('are those of the Rust client, by %s', async (kind) => {
    const wallet = kind === 'signer' ? createNoopSigner(owner) : owner;
    const read = await state();
    const flow = { state: read, owner: wallet };
    const listed = { vote, index: 258 };
    const asked = {
      ...read,
      pool: { ...read.pool, nextBatch: 13n, newestBatchEpoch: read.clock.epoch },
    };
    const ticket = await thaw.ticketAddress(read.addresses, owner, 9_876_543_210n);
    const view = {
      address: ticket,
      ticket: { batch: 12n, owner, payer: other } as thaw.Ticket,
    };
    const expected = cases.instructions;
    const check = (built: Instruction[], ...names: string[]) =>
      expect(built.map(shown)).toEqual(names.map((name) => expected[name]));

    const deposit = { ...flow, lamports: 5n, minOut: 4n };
    check(await thaw.depositSol(deposit), 'openShareAccount', 'depositSol');
    const referred = await thaw.depositSol({ ...deposit, referrer: other });
    check(referred, 'openShareAccount', 'depositSolReferred');
    const instant = { ...flow, shares: 7n, minOut: 6n, recipient: other };
    check(await thaw.withdrawInstant(instant), 'withdrawInstant');
    const request = {
      ...flow,
      state: asked,
      shares: 77n,
      nonce: 9_876_543_210n,
      isPushable: false,
    };
    check(await thaw.requestWithdrawal(request), 'requestWithdrawal');
    check(
      await thaw.claimWithdrawal({ ...flow, ticket: view, recipient: other }),
      'claimWithdrawal',
    );
    const stake = { ...flow, account: { address: other }, validator: listed, minOut: 3n };
    const taken = await thaw.depositStake({ ...stake, referrer: other });
    check(taken, 'openShareAccount', 'depositStake');
    const given = await thaw.withdrawStake({
      ...flow,
      validator: listed,
      shares: 11n,
      minOut: 10n,
      seed: 'seed',
      newAuthority: other,
    });
    check(given.slice(1), 'withdrawStake');
    expect(given[0]?.accounts?.[1]?.address).toBe(await thaw.newStakeAddress(owner, 'seed'));
    check(await thaw.transferTicket({ owner: wallet, ticket, newOwner: other }), 'transferTicket');
    check(await thaw.finalizeEpoch({ state: read }), 'finalizeEpoch');
    check(await thaw.refreshSplView(flow), 'refreshSplView');
    const { pool } = read.addresses;
    check([thaw.getQuoteDepositInstruction({ pool, lamports: 13n })], 'quoteDeposit');
    check([thaw.getQuoteWithdrawInstruction({ pool, shares: 14n })], 'quoteWithdraw');
  });

  it('claim several tickets, six in each', async () => {
    const read = await state();
    const ticket = { batch: 12n, owner, payer: other } as thaw.Ticket;
    const tickets = Array.from({ length: 13 }, () => ({ address: other, ticket }));
    const built = await thaw.claimWithdrawals({ state: read, owner, tickets });
    expect(built.map((one) => one.length)).toEqual([6, 6, 1]);
  });

  it('sync as the Rust client packs them', async () => {
    const read = await state();
    const clock = { ...read.clock, epoch: 5n };
    const validators = await Promise.all(
      cases.sync.records.map(async ([index, vote, raw]) => {
        const keys = await thaw.slotAddresses(read.addresses, vote);
        const slots = keys.map((address) => ({ address }) as thaw.SlotView);
        return {
          index,
          vote,
          record: thaw.decodeRecord(bytesOf(raw)),
          slots,
        } as thaw.ValidatorView;
      }),
    );
    const built = await thaw.syncValidators({ state: { ...read, clock }, validators });
    expect(built.map(shown)).toEqual(cases.sync.instructions);
  });

  it('make nonces and seeds that do not repeat and fit', () => {
    const nonces = new Set(Array.from({ length: 100 }, () => thaw.newNonce()));
    expect(nonces.size).toBeGreaterThan(95);
    for (const nonce of nonces) expect(nonce).toBeLessThan(thaw.U64_MAX);
    expect(new TextEncoder().encode(thaw.newStakeSeed()).length).toBeLessThanOrEqual(32);
  });

  it('accept what is left after slippage, rounded down', () => {
    expect(thaw.leastOf(1_000_000_000n, 10)).toBe(999_000_000n);
    expect(thaw.leastOf(9_999n, 1)).toBe(9_998n);
    expect([thaw.leastOf(5n, 10_000), thaw.leastOf(5n, 20_000)]).toEqual([0n, 0n]);
  });
});

describe.each(cases.splPools)('an SPL stake pool', (pool) => {
  const owned = (address: Address, text: string) => ({
    address,
    owner: pool.program,
    lamports: 1n,
    data: bytesOf(text),
  });
  const rpc = server(
    new Map([
      [pool.address, owned(pool.address, pool.account)],
      [pool.listAddress, owned(pool.listAddress, pool.list)],
    ]),
  );
  const rent = 1_666_240n;

  it('is read and priced as the Rust client does', async () => {
    const read = { ...(await thaw.fetchSplPool(rpc, pool.address)), takesFee: true };
    expect(await thaw.splTokenAccount(read, owner)).toBe(pool.from);
    for (const [tokens, fee, lamports] of pool.withdrawals) {
      const paid = thaw.splWithdrawal(read, BigInt(tokens), pool.from);
      expect([paid?.feeTokens ?? null, paid?.lamports ?? null]).toEqual([big(fee), big(lamports)]);
    }
    expect(thaw.splPreferred(read, rent, thaw.MIN_DELEGATION)).toBe(pool.preferred);
    expect(read.validators.map((it) => thaw.splCanGive(it, rent, thaw.MIN_DELEGATION))).toEqual(
      pool.gives.map(BigInt),
    );
    const accounts = read.validators.map((it) => thaw.splStakeAccount(read, it));
    expect(await Promise.all(accounts)).toEqual(pool.stakeAccounts);
  });

  it('is left by the instruction that the Rust client builds', async () => {
    const from = await thaw.fetchSplPool(rpc, pool.address);
    const read = await state();
    const [entry] = from.validators;
    const plan = {
      from,
      entry,
      validator: { vote, index: 1 },
      withdrawal: { tokens: 4_321n, feeTokens: 0n, lamports: 1n },
      rentLamports: rent,
    } as thaw.MigrationPlan;
    const seed = 'between';
    const built = await thaw.migrate({ state: read, owner, plan, seed, minOut: 1n });
    const between = await thaw.newStakeAddress(owner, seed);
    const [, , leave] = built.map(shown);
    const expected = pool.withdrawStake.accounts.map(([key, ...roles], place) => [
      place === 4 ? between : key,
      ...roles,
    ]);
    expect(leave).toEqual({ ...pool.withdrawStake, accounts: expected });
  });

  it('is refused by another program, and where there is none', async () => {
    const program = other;
    await expect(thaw.fetchSplPool(rpc, pool.address, { program })).rejects.toThrow(
      'no stake pool program known here',
    );
    await expect(thaw.fetchSplPool(rpc, other)).rejects.toThrow('there is no account at');
  });
});
