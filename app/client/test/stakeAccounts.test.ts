import { type Address, address, getAddressEncoder, getU64Encoder } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { RawAccount } from '../src/accounts.js';
import * as thaw from '../src/index.js';
import { accountsOf, server, type Stored, vectors } from './vectors.js';

const RENT = 1_666_240n;
const OWNER = address('4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi');
const OTHER = address('8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR');
const ACCOUNT = address('CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8');
const pools = vectors<Record<string, { mint: Address; accounts: Record<string, Stored> }>>('pools');

type Parts = {
  tag?: number;
  staker?: Address;
  lockup?: bigint;
  vote?: Address;
  stake?: bigint;
  activated?: bigint;
  deactivated?: bigint;
  extra?: bigint;
};

function stakeAccount(parts: Parts): RawAccount {
  const stake = parts.stake ?? 5_000_000_000n;
  const data = new Uint8Array(200);
  const put = (at: number, value: bigint) => data.set(getU64Encoder().encode(value), at);
  const key = (at: number, value: Address) => data.set(getAddressEncoder().encode(value), at);
  data[0] = parts.tag ?? 2;
  key(12, parts.staker ?? OWNER);
  key(44, OWNER);
  put(76, parts.lockup ?? 0n);
  key(124, parts.vote ?? OTHER);
  put(156, stake);
  put(164, parts.activated ?? 50n);
  put(172, parts.deactivated ?? thaw.U64_MAX);
  const lamports = stake + (parts.extra ?? RENT);
  return { address: ACCOUNT, owner: thaw.STAKE_PROGRAM, lamports, data };
}

async function world(name: string) {
  const pool = pools[name];
  if (pool === undefined) throw new Error(`no pool ${name}`);
  const accounts = accountsOf(pool.accounts);
  const addresses = await thaw.poolAddresses(pool.mint);
  const { state, validators } = await thaw.fetchSnapshot(server(accounts), addresses);
  const [validator] = validators;
  if (validator === undefined) throw new Error('no validator');
  const judge = async (parts: Parts, owner?: Address) => {
    const account = stakeAccount({ vote: validator.vote, ...parts });
    const all = new Map([...accounts, [account.address, account] as const]);
    const found = await thaw.fetchStakeAccounts(server(all), OWNER);
    expect(found).toHaveLength(1);
    const [view] = found;
    if (view === undefined) throw new Error('no stake account');
    return thaw.stakeEligibility(state, validators, view, owner);
  };
  return { judge, validator, state, validators };
}

describe('stake accounts', () => {
  it('are taken where the validator has room', async () => {
    const { judge, validator } = await world('winding down');
    expect(await judge({})).toMatchObject({
      fault: 'poolClosed',
      refusal: { rule: 'WindingDown' },
    });
    const open = await world('reserve below its target');
    const room = thaw.stakeRoom(open.state, open.validator, 10_000n * thaw.UNIT);
    expect(room).toBeGreaterThan(thaw.UNIT);
    const fits = await open.judge({ stake: room - RENT });
    expect(fits).toMatchObject({ eligible: true, index: validator.index });
    const over = await open.judge({ stake: room - RENT + 1n });
    expect(over).toMatchObject({ eligible: false, fault: 'noRoom' });
    if (!over.eligible) expect(over.reason).toContain(thaw.formatSol(room));
  });

  it('are refused with the reason', async () => {
    const { judge } = await world('reserve below its target');
    const cases: [Parts, thaw.StakeFault][] = [
      [{ tag: 1 }, 'notDelegated'],
      [{ deactivated: 60n }, 'deactivated'],
      [{ activated: 1_000_000n }, 'notActive'],
      [{ staker: OTHER }, 'otherStaker'],
      [{ lockup: 1n }, 'lockup'],
      [{ vote: OTHER }, 'notListed'],
      [{ extra: RENT - 1n }, 'lamportsOff'],
      [{ extra: RENT * 2n + 1n }, 'lamportsOff'],
    ];
    for (const [parts, fault] of cases) {
      expect(await judge(parts), fault).toMatchObject({ eligible: false, fault });
    }
    expect(await judge({}, OTHER)).toMatchObject({ fault: 'otherWithdrawer' });
    expect(await judge({ extra: RENT * 2n })).toMatchObject({ eligible: true });
  });

  it('are refused where the pool is closed for stake', async () => {
    const rules: [string, string][] = [
      ['paused', 'Paused'],
      ['circuit breaker', 'Paused'],
      ['stale by 1 epoch', 'NotFinalized'],
      ['rewards window', 'RewardsWindow'],
    ];
    for (const [name, rule] of rules) {
      const { judge } = await world(name);
      expect(await judge({}), name).toMatchObject({ fault: 'poolClosed', refusal: { rule } });
    }
  });

  it('are refused by a validator without weight', async () => {
    const { judge } = await world('validators of every kind');
    expect(await judge({ stake: thaw.UNIT })).toMatchObject({ eligible: true });
    const { validators, state } = await world('validators of every kind');
    const view = {
      address: ACCOUNT,
      lamports: thaw.UNIT + RENT,
      state: thaw.decodeStake(
        stakeAccount({ vote: validators[1]?.vote ?? OTHER, stake: thaw.UNIT }).data,
      ),
      effective: { effective: thaw.UNIT, activating: 0n, deactivating: 0n },
    } as thaw.StakeAccountView;
    expect(thaw.stakeEligibility(state, validators, view)).toMatchObject({ fault: 'noWeight' });
  });
});
