import { address } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { rateParts, verify, type BooksReading, type Reading } from './verification.js';
import { toJson, verdictKind, verdictWords } from './words.js';

const SOL = 1_000_000_000n;
const VOTE = address('Vote111111111111111111111111111111111111111');

function books(over: Partial<BooksReading> = {}): BooksReading {
  return {
    reserveLamports: 10n * SOL,
    stakedLamports: 90n * SOL,
    claimableLamports: 5n * SOL,
    pendingGainLamports: 0n,
    pendingLossLamports: 0n,
    pendingFeesLamports: 0n,
    lockedGainLamports: 0n,
    releaseStart: 1_000n,
    releaseEnd: 2_000n,
    shares: 100n * SOL,
    feeSharesOwed: 1n * SOL,
    pendingShares: 2n * SOL,
    epoch: 7n,
    ...over,
  };
}

function reading(over: Partial<Reading> = {}, chain = 90n * SOL): Reading {
  const slot = { address: VOTE, isForeign: false, bookLamports: 0n, chainLamports: 0n };
  return {
    slot: 1n,
    epoch: 7n,
    unixTime: 3_000n,
    isRewardsWindow: false,
    reserveAccountLamports: 15n * SOL + 890_880n,
    reserveRentLamports: 890_880n,
    books: books(),
    supply: 99n * SOL,
    escrowShares: 2n * SOL,
    validators: [
      {
        index: 0,
        vote: VOTE,
        bookedEpoch: 7n,
        isOlder: false,
        slots: [{ ...slot, chainLamports: chain, bookLamports: 90n * SOL }, slot, slot],
      },
    ],
    ...over,
  };
}

/** Verdict and reason of one comparison. */
function told(of: Reading, id: string) {
  const found = verify(of).comparisons.find((it) => it.id === id);
  return [found?.verdict, found?.why];
}

describe('verify', () => {
  it('says that all is well where all is', () => {
    const result = verify(reading());
    expect(result.verdict).toBe('same');
    expect(result.comparisons.map((it) => [it.id, it.difference])).toEqual(
      ['total', 'stake', 'reserve', 'records', 'shares', 'escrow'].map((id) => [id, 0n]),
    );
    expect(result.accounts).toEqual({ found: 1, read: 3 });
    expect(verdictWords(result, 'en')).toEqual({
      title: 'Every lamport matches',
      text: '105 SOL on chain, in 1 stake account and the reserve, and the same in the books.',
    });
  });

  it('explains rewards that nobody has booked', () => {
    const old = reading({ epoch: 8n }, 90n * SOL + 5n);
    const result = verify(old);
    expect(result.verdict).toBe('later');
    expect(result.validators[0]?.why).toContain('Rewards since epoch 7');
    expect(verdictWords(result, 'en').title).toBe(
      'Nothing is missing; 0.000000005 SOL are not booked yet',
    );
    expect(verdictWords(result, 'en').text).toContain('not finalized yet');
    expect(verdictKind(result)).toBe('info');
    expect(told(old, 'stake')[1]).toContain('1 validator differs');
    const paying = verify({ ...old, isRewardsWindow: true });
    expect(paying.validators[0]?.why).toContain('at this moment');
    expect(verify(reading({}, 91n * SOL)).validators[0]?.why).toContain('tips');
  });

  it('says so where a record would not stand still', () => {
    const still = reading({}, 91n * SOL);
    const validators = still.validators.map((one) => ({ ...one, isOlder: true }));
    expect(verify({ ...still, validators }).validators[0]).toMatchObject({
      verdict: 'later',
      why: expect.stringContaining('not of one moment'),
    });
  });

  it('explains a loss', () => {
    const result = verify(reading({ epoch: 8n }, 89n * SOL));
    expect(result.verdict).toBe('later');
    expect(result.validators[0]).toMatchObject({ difference: -SOL });
    expect(result.validators[0]?.why).toContain('A loss');
    expect(verdictWords(result, 'en').title).toBe('1 SOL of loss are not booked yet');
    expect(verdictKind(result)).toBe('warn');
  });

  it('tells a reserve that got a gift from one that lacks what it owes', () => {
    const held = (lamports: bigint) =>
      told(reading({ reserveAccountLamports: 15n * SOL + lamports }), 'reserve');
    expect(held(890_881n)[1]).toContain('sent SOL');
    expect(held(890_000n)).toEqual(['later', expect.stringContaining('rent has risen')]);
    expect(held(-1n)).toEqual(['wrong', expect.stringContaining('less than it owes')]);
  });

  it('finds sums that must never differ', () => {
    const sum = reading({ books: books({ stakedLamports: 91n * SOL }) });
    expect(told(sum, 'records')[0]).toBe('wrong');
    expect(verdictWords(verify(sum)).title).toBe('The books do not add up');
    expect(told(reading({ supply: 99n * SOL + 1n }), 'shares')[0]).toBe('wrong');
    expect(told(reading({ supply: 98n * SOL }), 'shares')).toEqual([
      'same',
      expect.stringContaining('burnt'),
    ]);
    expect(told(reading({ escrowShares: 1n }), 'escrow')[0]).toBe('wrong');
    expect(told(reading({ escrowShares: 3n * SOL }), 'escrow')[0]).toBe('same');
  });

  it('says so where gains and losses cancel out', () => {
    const two = reading({ epoch: 8n });
    const [only] = two.validators;
    if (only === undefined) throw new Error('there is one');
    const slots = (chain: bigint) => [
      { address: VOTE, isForeign: false, chainLamports: chain, bookLamports: 45n * SOL },
    ];
    const validators = [
      { ...only, slots: slots(45n * SOL + 1n) },
      { ...only, index: 1, slots: slots(45n * SOL - 1n) },
    ];
    const result = verify({ ...two, validators });
    expect(result.verdict).toBe('later');
    expect(verdictWords(result).title).toContain('The sum matches');
    expect(result.comparisons[1]?.difference).toBe(0n);
  });
});

describe('the rate', () => {
  const at = (unixTime: bigint, over: Partial<BooksReading> = {}) =>
    rateParts({ books: books(over), unixTime });

  it('hides gain that is not released yet, rounded up', () => {
    const locked = { lockedGainLamports: 10n };
    expect(at(500n, locked).unreleased).toBe(10n);
    expect(at(1_001n, locked).unreleased).toBe(10n);
    expect(at(1_500n, locked).unreleased).toBe(5n);
    expect(at(2_000n, locked).unreleased).toBe(0n);
    expect(at(1_500n, locked).nav).toBe(100n * SOL - 5n);
  });

  it('lets a loss eat hidden gain before it touches the rate', () => {
    const pending = { pendingGainLamports: 7n, pendingLossLamports: 9n, pendingFeesLamports: 3n };
    expect(at(3_000n, pending)).toMatchObject({ hidden: 0n, nav: 100n * SOL - 3n });
    expect(at(3_000n, { ...pending, pendingLossLamports: 2n }).hidden).toBe(5n);
  });

  it('is rounded down, and none where nothing is left', () => {
    expect(at(3_000n, { shares: 3n * SOL }).exitRate).toBe(33_333_333_333n);
    expect(at(3_000n, { shares: 0n }).exitRate).toBeNull();
    expect(at(3_000n, { reserveLamports: 0n, stakedLamports: 0n }).exitRate).toBeNull();
  });
});

describe('the file', () => {
  it('keeps every digit', () => {
    const text = toJson(verify(reading({ supply: 2n ** 63n })), { pool: 'P' });
    const parsed = JSON.parse(text) as { pool: string; reading: { supply: string } };
    expect(parsed.pool).toBe('P');
    expect(parsed.reading.supply).toBe('9223372036854775808');
  });
});
