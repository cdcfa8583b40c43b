import { signature, type Signature } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { failed } from './failure.js';
import { canRetry, IDLE, isBusy, reduce, type Progress, type TransactionEvent } from './machine.js';
import { sentenceOf, stepsOf } from './steps.js';

const one = signature('1'.repeat(64)) satisfies Signature;
const two = signature(`${'1'.repeat(63)}2`) satisfies Signature;
const after = (...events: TransactionEvent[]): Progress => events.reduce(reduce, IDLE);

const SENT: TransactionEvent[] = [
  { type: 'started', parts: 1 },
  { type: 'built', count: 1 },
  { type: 'signed', signatures: [one] },
  { type: 'sent' },
];

describe('a transaction', () => {
  it('goes from building to confirmed', () => {
    expect(after().state.step).toBe('idle');
    const steps = SENT.map((_, place) => after(...SENT.slice(0, place + 1)).state.step);
    expect(steps).toEqual(['building', 'signing', 'sending', 'confirming']);
    expect(after(...SENT, { type: 'landed', signature: one }).state).toEqual({
      step: 'confirmed',
      signatures: [one],
    });
  });

  it('goes on with the next one where there are several', () => {
    const { state } = after(
      { type: 'started', parts: 1 },
      { type: 'counted', parts: 2 },
      ...SENT.slice(1),
      { type: 'landed', signature: one },
    );
    expect(state).toEqual({ step: 'building', part: { number: 2, of: 2 } });
    const rejected = after(
      { type: 'started', parts: 2 },
      ...SENT.slice(1),
      { type: 'landed', signature: one },
      { type: 'built', count: 1 },
      { type: 'rejected' },
    );
    expect(rejected.state).toEqual({ step: 'rejected', done: [one] });
    const both = after(
      { type: 'started', parts: 2 },
      ...SENT.slice(1),
      { type: 'landed', signature: one },
      { type: 'built', count: 1 },
      { type: 'signed', signatures: [two] },
      { type: 'sent' },
      { type: 'landed', signature: two },
    );
    expect(both.state).toEqual({ step: 'confirmed', signatures: [one, two] });
  });

  it('can be rejected, expire and fail, and be tried again from there', () => {
    for (const end of [
      after(...SENT.slice(0, 2), { type: 'rejected' }),
      after(...SENT, { type: 'expired' }),
      after(...SENT, { type: 'failed', failure: failed('no') }),
      after(...SENT.slice(0, 1), { type: 'failed', failure: failed('no') }),
    ]) {
      expect(isBusy(end.state)).toBe(false);
      expect(canRetry(end.state)).toBe(true);
      expect(reduce(end, { type: 'started', parts: 1 }).state.step).toBe('building');
      expect(reduce(end, { type: 'reset' })).toBe(IDLE);
      expect(stepsOf(end.state).filter(({ state }) => state === 'failed')).toHaveLength(1);
    }
  });

  it('says when the server is silent, and when it answers again', () => {
    const silent = after(...SENT, { type: 'silent', isServerSilent: true });
    expect(sentenceOf(silent.state, '')).toMatch(/does not answer/);
    const back = reduce(silent, { type: 'silent', isServerSilent: false });
    expect(sentenceOf(back.state, '')).toMatch(/Waiting for the network/);
  });

  it('drops what does not fit: late answers, second starts, a reset under way', () => {
    const busy = after(...SENT);
    for (const event of [
      { type: 'started', parts: 3 },
      { type: 'built', count: 1 },
      { type: 'counted', parts: 9 },
      { type: 'rejected' },
      { type: 'signed', signatures: [two] },
      { type: 'sent' },
      { type: 'reset' },
    ] as const) {
      expect(reduce(busy, event), event.type).toEqual(busy);
    }
    const done = after(...SENT, { type: 'landed', signature: one });
    expect(reduce(done, { type: 'failed', failure: failed('late') })).toEqual(done);
    expect(reduce(IDLE, { type: 'landed', signature: one })).toEqual(IDLE);
    expect(after({ type: 'started', parts: 1 }, { type: 'expired' }).state.step).toBe('building');
  });

  const TOGETHER: TransactionEvent[] = [
    { type: 'started', parts: 2 },
    { type: 'built', count: 2 },
    { type: 'signed', signatures: [one, two] },
    { type: 'sent' },
  ];

  it('goes on with those that have not landed where several were signed at once', () => {
    expect(sentenceOf(after(...TOGETHER.slice(0, 2)).state, '')).toMatch(/^Approve 2 transactions/);
    const half = after(...TOGETHER, { type: 'landed', signature: two });
    expect(half.state).toMatchObject({
      step: 'confirming',
      part: { number: 2, of: 2 },
      signatures: [one],
    });
    expect(reduce(half, { type: 'landed', signature: two }), 'told twice').toEqual(half);
    expect(reduce(half, { type: 'landed', signature: one }).state.step).toBe('confirmed');
    expect(reduce(half, { type: 'expired' }).state).toEqual({
      step: 'expired',
      signatures: [one],
      done: [two],
    });
  });

  it('is built anew where the wallet takes only one at once', () => {
    const { state } = after(...TOGETHER.slice(0, 2), { type: 'separated' });
    expect(state).toEqual({ step: 'building', part: { number: 1, of: 2 } });
  });

  it('goes on where a page that was left had it', () => {
    const back = after({ type: 'resumed', signatures: [one, two] });
    expect(back.state).toMatchObject({ step: 'confirming', signatures: [one, two] });
    expect(isBusy(back.state)).toBe(true);
    expect(reduce(back, { type: 'expired' }).state.step).toBe('expired');
    expect(sentenceOf(reduce(back, { type: 'expired' }).state, '', false)).not.toMatch(/again/);
    // A wallet that was to send has not said what.
    const asked = after({ type: 'resumed', signatures: [] });
    expect(asked.state.step).toBe('unknown');
    expect(canRetry(asked.state)).toBe(false);
    expect(reduce(after(...SENT), { type: 'resumed', signatures: [two] })).toEqual(after(...SENT));
  });
});
