import type { Address } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import * as thaw from '../src/index.js';
import { accountsOf, server, type Stored, vectors } from './vectors.js';

type Told = { mint: Address; holder: Address; accounts: Record<string, Stored> };

const pools = vectors<Record<string, Told>>('pools');

function pool(name: string): Told {
  const found = pools[name];
  if (found === undefined) throw new Error(`no pool ${name}`);
  return found;
}

async function read(name: string): Promise<thaw.Snapshot> {
  const { mint, accounts } = pool(name);
  return thaw.fetchSnapshot(server(accountsOf(accounts)), await thaw.poolAddresses(mint));
}

describe('validators of every kind', () => {
  it('are told by state, commission and violation', async () => {
    const { validators } = await read('validators of every kind');
    // The first and the fifth lack the same of an epoch, in which the first was to lead more often.
    expect(validators.map((it) => [it.status, it.commissionBps, it.violation])).toEqual([
      ['active', 0, 'lowYield'],
      ['setAside', 10_000, 'commission'],
      ['noSeat', 700, 'noBlsKey'],
      ['noVoteAccount', null, 'closed'],
      ['active', 500, null],
      ['noSeat', 0, null],
      ['active', null, null],
    ]);
    const nodes = validators.map((it) => it.identity !== null);
    expect(nodes).toEqual([true, true, true, false, true, true, false]);
  });

  it('must have a ticket once the move window opens', async () => {
    const early = await read('validators of every kind');
    const late = await read('validators of every kind, in the move window');
    const changed = late.validators.filter(
      ({ index, violation }) => violation !== early.validators[index]?.violation,
    );
    expect(changed.map(({ index, status, violation }) => [index, status, violation])).toEqual([
      [5, 'noSeat', 'cannotBeAdmitted'],
    ]);
  });

  it('are judged by tickets from the first slot of the window on', async () => {
    const { state } = await read('validators of every kind');
    const { pool, clock, schedule } = state;
    expect(pool.config.moveWindowBps).toBe(2_500);
    const slots = thaw.slotsOf(schedule, clock.epoch);
    const opens = thaw.firstSlotOf(schedule, clock.epoch) + (slots * 3n) / 4n;
    const isOpen = (slot: bigint) => thaw.isMoveWindow(pool, { ...clock, slot }, schedule);
    expect([isOpen(opens - 1n), isOpen(opens)]).toEqual([false, true]);
  });

  it('need no seat where the pool demands none', async () => {
    const { state, validators } = await read('validators of every kind, in the move window');
    const { pool } = state;
    const lax = { ...state, pool: { ...pool, config: { ...pool.config, requireBls: 0 } } };
    const told = validators.map((view) => [
      thaw.statusOf(lax, view.record, view.seat),
      thaw.violationOf(lax, view),
    ]);
    expect([told[2], told[5]]).toEqual([
      ['active', null],
      ['active', null],
    ]);
    expect(told[3]).toEqual(['noVoteAccount', 'closed']);
  });

  it('show where chain and books differ', async () => {
    const { state, validators } = await read('validators of every kind');
    const found = thaw.verify(state, validators);
    expect(found.isCovered).toBe(true);
    expect(found.lamportsOnChain - found.lamportsInBooks).toBe(77_777n);
    expect(found.differences).toHaveLength(1);
    const [difference] = found.differences;
    expect(difference?.index).toBe(2);
    expect((difference?.onChain ?? 0n) - (difference?.inBooks ?? 0n)).toBe(77_777n);
    // A slot that holds less than recorded.
    const robbed = validators.map((view) => ({
      ...view,
      slots: view.slots.map((slot) => ({ ...slot, lamports: slot.lamports / 2n })),
    }));
    expect(thaw.verify(state, robbed).isCovered).toBe(false);
  });
});

describe('reading', () => {
  it('takes many calls, and makes one again that fails', async () => {
    const { accounts } = pool('warm');
    const stored = accountsOf(accounts);
    const [known] = stored.keys();
    if (known === undefined) throw new Error('no account');
    const rpc = server(stored);
    let [calls, atOnce, most] = [0, 0, 0];
    const shaky = {
      getMultipleAccounts: (...args: Parameters<typeof rpc.getMultipleAccounts>) => ({
        send: async () => {
          calls += 1;
          atOnce += 1;
          most = Math.max(most, atOnce);
          await new Promise((resolve) => setTimeout(resolve, 1));
          atOnce -= 1;
          if (calls % 5 === 0) throw new Error('busy');
          return rpc.getMultipleAccounts(...args).send();
        },
      }),
    } as unknown as typeof rpc;
    const keys = Array.from({ length: 1_950 }, () => known);
    const read = await thaw.readAccounts(shaky, keys);
    expect(read.accounts).toHaveLength(1_950);
    expect(read.accounts.every((account) => account?.address === known)).toBe(true);
    expect(most).toBe(8);
    expect(calls).toBeGreaterThan(20);
    calls = 4;
    await expect(thaw.readAccounts(shaky, [known])).rejects.toThrow('busy');
  });

  it('tells what is missing and what is no pool', async () => {
    const { mint, accounts } = pool('warm');
    const addresses = await thaw.poolAddresses(mint);
    const stored = accountsOf(accounts);
    const reserve = stored.get(addresses.reserve);
    stored.delete(addresses.reserve);
    const without = thaw.fetchPoolState(server(stored), addresses);
    await expect(without).rejects.toMatchObject({ fault: 'missing', address: addresses.reserve });
    if (reserve !== undefined) stored.set(addresses.pool, reserve);
    if (reserve !== undefined) stored.set(addresses.reserve, reserve);
    const wrong = thaw.fetchPoolState(server(stored), addresses);
    await expect(wrong).rejects.toMatchObject({ fault: 'wrongType', address: addresses.pool });
  });

  it('tells a ticket that is gone or of another pool', async () => {
    const half = pool('a batch half settled');
    const addresses = await thaw.poolAddresses(half.mint);
    const rpc = server(accountsOf(half.accounts));
    const [first] = await thaw.fetchTickets(rpc, addresses, half.holder);
    if (first === undefined) throw new Error('no ticket');
    expect(await thaw.fetchTicketsAt(rpc, addresses, [first.address])).toEqual([first]);
    const foreign = await thaw.poolAddresses(half.holder);
    const asked = thaw.fetchTicketsAt(rpc, foreign, [first.address]);
    await expect(asked).rejects.toMatchObject({ fault: 'otherPool' });
    const gone = thaw.fetchTicketsAt(rpc, addresses, [half.holder]);
    await expect(gone).rejects.toMatchObject({ fault: 'missing' });
  });
});

describe('the state of a pool', () => {
  it('tells what is open, and until when', async () => {
    const status = async (name: string) => thaw.poolStatus((await read(name)).state);
    const warm = await status('warm');
    expect(warm).toMatchObject({ isStale: false, isFinalized: true, isBroken: false });
    expect(Object.values(warm.paused).map((path) => path.isPaused)).toEqual(
      Array.from({ length: 4 }, () => false),
    );
    const { state } = await read('paused');
    const until = state.clock.unixTimestamp + 10_000n;
    const paused = thaw.poolStatus(state).paused;
    expect(paused.instant).toEqual({ isPaused: true, untilUnix: until });
    const later = thaw.poolStatus(state, until).paused;
    expect(later.instant).toEqual({ isPaused: false, untilUnix: null });
    const broken = await status('circuit breaker');
    expect(broken.paused.deposit.isPaused).toBe(true);
    expect(broken.paused.stake.isPaused).toBe(false);
    expect(broken.brokenUntilUnix).toBe(broken.paused.deposit.untilUnix);
    expect(await status('stale by 4 epochs')).toMatchObject({ isStale: true, missedEpochs: 4n });
    expect(await status('stale by 1 epoch')).toMatchObject({ isStale: false, isFinalized: false });
    expect((await status('winding down')).isWindingDown).toBe(true);
    expect((await status('rewards window')).isRewardsWindow).toBe(true);
  });

  it('reads open batches, oldest first, and the newest', async () => {
    const { state } = await read('open batches');
    const serials = state.openBatches.map(({ serial }) => serial);
    expect(serials.length).toBeGreaterThan(0);
    expect(state.newestBatch?.serial).toBe(state.pool.nextBatch - 1n);
    const { state: warm } = await read('warm');
    expect([warm.newestBatch, warm.openBatches]).toEqual([null, []]);
  });
});
