import { address, type Signature } from '@solana/kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { signerOf } from '../../wallet/signing.js';
import { testWallet } from '../../wallet/testWallet.js';
import { watch, type Execution } from './execute.js';
import { IDLE, reduce } from './machine.js';
import type { Pending } from './pending.js';
import { LAST_BLOCK, SLOT, Trial, work } from './testTrial.js';

let trial: Trial;

beforeEach(async () => {
  trial = await Trial.begin();
});

describe('several transactions', () => {
  const LANDED = { error: null, isConfirmed: true };
  const order = () => {
    const owner = address(trial.holder.account.address);
    const one = [work(owner, 1), work(owner, 2), work(owner, 3)].map((it) => [it]);
    return { title: 'Do it', done: 'Done it.', build: async () => [one, [[work(owner, 4)]]] };
  };

  it('are approved once a stage, and each stage when the last one has landed', async () => {
    expect(await trial.run({ order: order() })).toBe(true);
    expect([trial.server.prepared, trial.holder.mood.approvals]).toEqual([[3, 1], 2]);
    expect(new Set(trial.server.sent).size).toBe(4);
    expect(trial.progress.done).toHaveLength(4);
  });

  it('are approved one by one where the wallet takes no more', async () => {
    trial.holder.mood.isSingle = true;
    expect(await trial.run({ order: order() })).toBe(true);
    expect([trial.server.prepared, trial.holder.mood.approvals]).toEqual([[3, 1, 1, 1, 1], 5]);
    expect(trial.server.sent).toHaveLength(4);
  });

  it('are not asked for again where the user said no to all', async () => {
    trial.holder.mood.rejects = true;
    expect(await trial.run({ order: order() })).toBe(false);
    expect([trial.progress.state.step, trial.holder.mood.approvals, trial.server.sent]).toEqual([
      'rejected',
      1,
      [],
    ]);
  });

  it('are all watched to the end, and the least certain end is told', async () => {
    const seen: Signature[] = [];
    trial.server.landings = (_, signature) => {
      if (!seen.includes(signature)) seen.push(signature);
      if (signature === seen[0]) return LANDED;
      const error = { InstructionError: [0, { Custom: 6010 }] };
      return signature === seen[1] ? { error, isConfirmed: true } : null;
    };
    trial.server.tick = () => {
      trial.server.height += 30n;
    };
    expect(await trial.run({ order: order() })).toBe(false);
    expect(trial.progress.state).toMatchObject({ step: 'failed', failure: { rule: 'Paused' } });
    expect([trial.progress.done, trial.server.prepared]).toEqual([[seen[0]], [3]]);
  });

  it('are remembered while they are under way, and no longer', async () => {
    expect(await trial.run({ order: order() })).toBe(true);
    const counts = trial.kept.map((pending) => pending?.sent.length ?? null);
    expect(counts.slice(0, 4)).toEqual([3, 2, 1, null]);
    expect(counts.at(-1)).toBeNull();
    expect(trial.kept[0]?.task.done, 'a part is not all').toMatch(/part of it/);
    expect(trial.kept[counts.lastIndexOf(1)]?.task).toEqual({ title: 'Do it', done: 'Done it.' });
  });
});

describe('a page that is loaded anew', () => {
  const task = { title: '', done: '' };
  const again = async (pending: Pending) => {
    const sent = pending.sent.map((one) => ({ ...one, wire: null }));
    const signatures = sent.map(({ signature }) => signature);
    trial.progress = reduce(IDLE, { type: 'resumed', signatures });
    const dispatch: Execution['dispatch'] = (event) => {
      trial.progress = reduce(trial.progress, event);
    };
    const keep = (next: Pending | null) => trial.kept.push(next);
    return watch({ task, sent, ports: trial.server, dispatch, keep });
  };
  const left = async (): Promise<Pending> => {
    await trial.run();
    const [pending] = trial.kept;
    if (!pending) throw new Error('nothing was kept');
    trial.kept = [];
    trial.server.sent = [];
    return pending;
  };

  it('watches on, and sends nothing', async () => {
    const pending = await left();
    trial.server.landings = (question) =>
      question < 7 ? null : { error: null, isConfirmed: true };
    expect(await again(pending)).toBe(true);
    expect([trial.progress.state.step, trial.server.sent, trial.kept.at(-1)]).toEqual([
      'confirmed',
      [],
      null,
    ]);
  });

  it('sees that it expired, by the last block that was kept', async () => {
    const pending = await left();
    trial.server.landings = () => null;
    trial.server.height = LAST_BLOCK + 1n;
    expect(await again(pending)).toBe(false);
    expect(trial.progress.state.step).toBe('expired');
  });

  it('does not call it expired where the ledger begins after it', async () => {
    const pending = await left();
    trial.server.landings = () => null;
    trial.server.height = LAST_BLOCK + 1n;
    trial.server.first = SLOT + 1n;
    expect(await again(pending)).toBe(false);
    expect(trial.progress.state.step).toBe('unknown');
  });

  it('knows that a wallet was asked to send', async () => {
    const sender = await testWallet('Sender', ['solana:signAndSendTransaction']);
    const wallet = signerOf(sender.wallet, sender.account, 'solana:devnet');
    expect(await trial.run({ wallet, owner: address(sender.account.address) })).toBe(true);
    expect(trial.kept.map((pending) => pending?.sent.length ?? null)).toEqual([0, 1, null, null]);
  });
});
