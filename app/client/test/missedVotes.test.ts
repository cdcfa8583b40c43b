import type { Address } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { RawAccount } from '../src/accounts.js';
import { fetchVotes, votedEpochs, withMissedVotes } from '../src/missedVotes.js';
import type { ValidatorView } from '../src/validators.js';
import { accountsOf, server, type Stored, vectors } from './vectors.js';

type Told = { account: Stored; voted: string[] | null };

const told = vectors<Record<string, Told>>('votes');
const [ONE, TWO, THREE] = [
  'Vote111111111111111111111111111111111111111',
  'Stake11111111111111111111111111111111111111',
  'SysvarC1ock11111111111111111111111111111111',
] as [Address, Address, Address];
const POOL = { epoch: 100n };
/** Votes in 96, 99 and 101. */
const SOMETIMES = account('layout 4');

function account(name: string): RawAccount {
  const entry = told[name];
  const found = entry && accountsOf({ [ONE]: entry.account }).get(ONE);
  if (!found) throw new Error(`no vote account ${name}`);
  return found;
}

type Shown = Pick<ValidatorView, 'vote' | 'record' | 'violation'>;

function listed(vote: Address, yieldsPpb: (number | null)[], bookedEpoch = POOL.epoch): Shown {
  const record = { yieldsPpb, bookedEpoch } as ValidatorView['record'];
  return { vote, record, violation: null };
}

describe('votes', () => {
  it('are found where the program finds them, in every layout', () => {
    for (const [name, { voted }] of Object.entries(told)) {
      const found = votedEpochs(account(name));
      const epochs = found && [...found].map(String).filter((epoch) => epoch.length < 4);
      expect(epochs, name).toEqual(voted);
    }
    expect(votedEpochs(null)).toBeNull();
  });
});

describe('missed votes', () => {
  const paid = [5, 5, null];
  const mute = account('without history');
  const steady = { ...SOMETIMES, data: withEntry(SOMETIMES, 98n, 100n) };
  /** Who missed votes, where the vote accounts are these. */
  const missed = (validators: Shown[], accounts: (RawAccount | null)[], epoch = POOL.epoch) => {
    const votes = new Map(
      validators.map(({ vote }, place) => [vote, votedEpochs(accounts[place] ?? null)]),
    );
    const found = withMissedVotes({ epoch }, validators, votes);
    return found.filter(({ violation }) => violation === 'notVoting').map(({ vote }) => vote);
  };

  it('are those of two epochs with stake, beside one that voted in both', () => {
    const all = [listed(ONE, paid), listed(TWO, paid), listed(THREE, [5, null, 5])];
    expect(missed(all, [steady, mute, mute])).toEqual([TWO]);
    // One that voted in one of the two has not, nor has one whose account cannot be read.
    expect(missed(all, [steady, SOMETIMES, mute])).toEqual([]);
    expect(missed(all, [steady, account('cut off'), null])).toEqual([]);
    // Nobody is known to have voted in both.
    expect(missed(all, [SOMETIMES, mute, mute])).toEqual([]);
    // Its record is of another epoch, or the pool is.
    expect(missed([listed(ONE, paid), listed(TWO, paid, 99n)], [steady, mute])).toEqual([]);
    expect(missed(all, [steady, mute, mute], 98n)).toEqual([]);
  });

  it('are named after every other rule', () => {
    const worse = { ...listed(TWO, paid), violation: 'lowYield' as const };
    expect(missed([listed(ONE, paid), worse], [steady, mute])).toEqual([]);
  });

  it('are not told of who was listed since they were read', () => {
    const votes = new Map([[ONE, votedEpochs(steady)]]);
    const all = [listed(ONE, paid), listed(TWO, paid)];
    expect(withMissedVotes(POOL, all, votes)).toEqual(all);
  });

  it('are read with the whole accounts', async () => {
    const stored = new Map([
      [ONE, { ...steady, address: ONE }],
      [TWO, { ...mute, address: TWO }],
    ]);
    const votes = await fetchVotes(server(stored), [ONE, TWO, THREE]);
    expect([...votes.keys()]).toEqual([ONE, TWO, THREE]);
    expect(votes.get(ONE)?.has(98n)).toBe(true);
    expect(votes.get(TWO)).toEqual(new Set());
    expect(votes.get(THREE)).toBeNull();
  });
});

/** The data with the first entry of `epoch` in its history made one that earned. */
function withEntry({ data }: RawAccount, epoch: bigint, credits: bigint): Uint8Array {
  const changed = Uint8Array.from(data);
  const view = new DataView(changed.buffer);
  for (let at = 0; at + 24 <= changed.length; at += 1) {
    if (view.getBigUint64(at, true) !== epoch) continue;
    view.setBigUint64(at + 8, view.getBigUint64(at + 16, true) + credits, true);
    return changed;
  }
  throw new Error(`no entry of epoch ${epoch}`);
}
