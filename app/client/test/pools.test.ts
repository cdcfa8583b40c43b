import type { Address } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import * as thaw from '../src/index.js';
import {
  accountsOf,
  big,
  type Brief,
  seatOf,
  server,
  type Stored,
  type Text,
  type ToldSeat,
  vectors,
} from './vectors.js';

type Deposit = { shares: string; fee: string; referral: string } | { refusal: Brief };
type Exit = { lamports: string; fee: string } | { refusal: Brief };
type Withdrawal =
  | { instant: Exit; stake: Exit; ticket: { lamports: string; epoch: string; isCovered: boolean } }
  | { refusal: Brief };
type Told = {
  mint: Address;
  holder: Address;
  accounts: Record<string, Stored>;
  deposits: [string, Deposit][];
  stakeDeposits: [string, Deposit][];
  withdrawals: [string, Withdrawal][];
  value: Record<'nav' | 'unreleased' | 'liquidity' | 'secondsLeft' | 'batchToJoin', string> &
    Record<'onChain' | 'inBooks', string> & {
      worth: Text;
      isMoveWindow: boolean;
      solPerWindow: number;
    };
  validators: {
    index: number;
    vote: Address;
    seat: ToldSeat;
    tickets: string;
    canBeAdmitted: boolean;
    deficitPpm: number;
    windows16: number;
    dilutionPercent: number;
    epochStakeSol: number;
    violation: thaw.ShownViolation | null;
    weight: number;
    attracting: [weight: string, sum: string];
    hasWeight: boolean;
    staked: string;
    target: Text;
    effective: [string, string, string][];
    rooms: [amount: string, above: Text, room: string][];
  }[];
  sources: [amount: string, index: number | null][];
  tickets: {
    address: Address;
    nonce: string;
    claimable: string;
    open: string;
    isClaimable: boolean;
  }[];
  rates: { entries: Text[][]; recent: Text[] };
};

/** The refusal, as the vectors tell it. */
function brief({ code, found, allowed }: thaw.ThawRefusal): Brief {
  return found === null ? [code] : [code, String(found), String(allowed)];
}

/** What it gives, or its refusal. */
function told<T>(run: () => T): T | { refusal: Brief } {
  try {
    return run();
  } catch (error) {
    if (thaw.isRefusal(error)) return { refusal: brief(error) };
    throw error;
  }
}

function deposit(quote: () => thaw.DepositQuote, hasReferral: boolean): Deposit {
  return told(() => {
    const { shares, feeLamports, referralShares } = quote();
    const referral = hasReferral ? referralShares : 0n;
    return { shares: String(shares), fee: String(feeLamports), referral: String(referral) };
  });
}

function exit(quote: thaw.ExitQuote | thaw.ThawRefusal): Exit {
  if (thaw.isRefusal(quote)) return { refusal: brief(quote) };
  return { lamports: String(quote.lamports), fee: String(quote.feeLamports) };
}

describe.each(Object.entries(vectors<Record<string, Told>>('pools')))('a pool: %s', (_, pool) => {
  const accounts = accountsOf(pool.accounts);
  const rpc = server(accounts);
  const read = async () => thaw.fetchSnapshot(rpc, await thaw.poolAddresses(pool.mint));

  it('quotes deposits as the program does', async () => {
    const { state } = await read();
    for (const [lamports, expected] of pool.deposits) {
      const quote = () => thaw.quoteDeposit(state, BigInt(lamports));
      expect(deposit(quote, true), lamports).toEqual(expected);
    }
    for (const [lamports, expected] of pool.stakeDeposits) {
      const quote = () => thaw.quoteStakeDeposit(state, BigInt(lamports));
      expect(deposit(quote, true), lamports).toEqual(expected);
    }
  });

  it('quotes the three exits as the program does', async () => {
    const { state } = await read();
    for (const [shares, expected] of pool.withdrawals) {
      const quote = told(() => {
        const { instant, ticket, stake } = thaw.quoteWithdraw(state, BigInt(shares));
        const { lamports, payableEpoch: epoch, isCovered } = ticket;
        return {
          instant: exit(instant),
          ticket: { lamports: String(lamports), epoch: String(epoch), isCovered },
          stake: exit(stake),
        };
      });
      expect(quote, shares).toEqual(expected);
    }
  });

  it('is worth what the Rust client says', async () => {
    const snapshot = await read();
    const { state } = snapshot;
    const { value } = pool;
    expect(thaw.nav(state)).toBe(big(value.nav));
    const { unreleased } = thaw.valueAt(state.pool, state.clock.unixTimestamp).books;
    expect(unreleased).toBe(big(value.unreleased));
    expect(told(() => thaw.worth(state, thaw.UNIT))).toEqual(
      value.worth === null ? { refusal: [thaw.codeOfRule('NoValue')] } : big(value.worth),
    );
    expect(thaw.instantLiquidity(state)).toBe(big(value.liquidity));
    expect(thaw.epochProgress(state).secondsLeft).toBe(big(value.secondsLeft));
    const { pool: books, clock, schedule } = state;
    expect(thaw.isMoveWindow(books, clock, schedule)).toBe(value.isMoveWindow);
    expect(books.solPerWindow).toBe(value.solPerWindow);
    expect(thaw.batchToJoin(state)).toBe(big(value.batchToJoin));
    const { lamportsOnChain, lamportsInBooks, isCovered } = thaw.verify(state, snapshot.validators);
    expect([lamportsOnChain, lamportsInBooks]).toEqual([big(value.onChain), big(value.inBooks)]);
    expect(isCovered).toBe(BigInt(value.onChain) >= BigInt(value.inBooks));
  });

  it('shows validators as the Rust client does', async () => {
    const { state, validators } = await read();
    expect(validators.map(({ index }) => index)).toEqual(pool.validators.map((it) => it.index));
    for (const [place, view] of validators.entries()) {
      const expected = pool.validators[place];
      if (expected === undefined) throw new Error('one validator too many');
      expect(view.vote).toBe(expected.vote);
      expect(view.seat).toEqual(seatOf(expected.seat));
      expect(thaw.ticketsOf(view.seat, state.rent)).toBe(big(expected.tickets));
      expect(thaw.canBeAdmitted(view.seat, state.rent)).toBe(expected.canBeAdmitted);
      expect(view.weight).toBe(expected.weight);
      const [weight, weightSum] = expected.attracting.map(BigInt);
      expect(thaw.attractingPartIn(view.record, state.pool)).toEqual({ weight, weightSum });
      expect(thaw.hasWeight(state.pool, view.record)).toBe(expected.hasWeight);
      expect(view.stakedLamports).toBe(big(expected.staked));
      expect(view.target).toBe(big(expected.target));
      const sums = [0, 1, 2].map((part) =>
        expected.effective.reduce((sum, slot) => sum + BigInt(slot[part] ?? 0), 0n),
      );
      const { effective, activating, deactivating } = view.effective;
      expect([effective, activating, deactivating]).toEqual(sums);
      for (const [amount, above, room] of expected.rooms) {
        const lamports = BigInt(amount);
        expect(thaw.roomAboveTarget(state, view, lamports), amount).toBe(big(above));
        expect(thaw.stakeRoom(state, view, lamports), amount).toBe(big(room));
      }
    }
  });

  it('judges validators as the Rust client does', async () => {
    const { state, validators } = await read();
    for (const [place, expected] of pool.validators.entries()) {
      const view = validators[place];
      if (view === undefined) throw new Error('one validator too few');
      const { windows16, dilutionPercent, epochStakeSol } = view.record;
      expect({ windows16, dilutionPercent, epochStakeSol }).toEqual({
        windows16: expected.windows16,
        dilutionPercent: expected.dilutionPercent,
        epochStakeSol: expected.epochStakeSol,
      });
      expect(thaw.deficitWithNewest(view.record, state.pool)).toBe(expected.deficitPpm);
      expect(view.violation).toBe(expected.violation);
    }
  });

  it('takes stake from the validator that the Rust client takes it from', async () => {
    const { state, validators } = await read();
    for (const [amount, index] of pool.sources) {
      const source = thaw.stakeSource(state, validators, BigInt(amount));
      expect(source?.index ?? null, amount).toBe(index);
    }
  });

  it('finds the tickets of a wallet and what they may claim', async () => {
    const { state } = await read();
    const views = await thaw.fetchTickets(rpc, state.addresses, pool.holder);
    const expected = pool.tickets.map((ticket) => ({
      address: ticket.address,
      nonce: BigInt(ticket.nonce),
      claimable: BigInt(ticket.claimable),
      open: BigInt(ticket.open),
      isClaimable: ticket.isClaimable,
    }));
    expect(
      views.map(({ address, ticket, claimableLamports, openShares, isClaimable }) => ({
        address,
        nonce: ticket.nonce,
        claimable: claimableLamports,
        open: openShares,
        isClaimable,
      })),
    ).toEqual(expected);
    expect(await thaw.fetchTickets(rpc, state.addresses, pool.mint)).toEqual([]);
  });

  it('has the history that the Rust client reads', async () => {
    const { state } = await read();
    const entries = thaw
      .rates(state.pool)
      .map((rate) => [
        rate.epoch,
        rate.unixTime,
        rate.assetsLamports,
        rate.shares,
        rate.rateLamports,
        rate.growthPpb,
        rate.apyPpb,
      ]);
    expect(entries).toEqual(pool.rates.entries.map((entry) => entry.map(big)));
    const recent = [1, 3, 10, 64].map((epochs) => thaw.recentApyPpb(state.pool, epochs));
    expect(recent).toEqual(pool.rates.recent.map(big));
  });

  it('is found by its own address and by its mint', async () => {
    const addresses = await thaw.poolAddresses(pool.mint);
    expect(await thaw.findPool(rpc, pool.mint)).toEqual(addresses);
    expect(await thaw.findPool(rpc, addresses.pool)).toEqual(addresses);
    await expect(thaw.findPool(rpc, addresses.reserve)).rejects.toThrow('there is no pool at');
  });
});
