import { beforeEach, describe, expect, it } from 'vitest';
import { canRetry } from './machine.js';
import { LAST_BLOCK, Trial } from './testTrial.js';

let trial: Trial;

beforeEach(async () => {
  trial = await Trial.begin();
});

describe('on its way', () => {
  it('is sent again, the same bytes, until it lands', async () => {
    trial.server.landings = (question) =>
      question < 7 ? null : { error: null, isConfirmed: true };
    expect(await trial.run()).toBe(true);
    expect(trial.server.sent.length).toBeGreaterThanOrEqual(3);
    expect(new Set(trial.server.sent).size).toBe(1);
  });

  it('expires once its last block is past, and not before that is seen twice', async () => {
    trial.server.landings = () => null;
    trial.server.tick = () => {
      trial.server.height += 30n;
    };
    expect(await trial.run()).toBe(false);
    expect(trial.progress.state.step).toBe('expired');
    expect(trial.server.height).toBeGreaterThanOrEqual(LAST_BLOCK + 30n);
  });

  it('may land in the last block', async () => {
    trial.server.height = LAST_BLOCK + 1n;
    trial.server.landings = (question) =>
      question === 1 ? null : { error: null, isConfirmed: true };
    expect(await trial.run()).toBe(true);
  });

  it('is told by WebSocket before anyone asks', async () => {
    trial.server.told = Promise.resolve({ error: null, isConfirmed: true });
    trial.server.landings = () => null;
    expect(await trial.run()).toBe(true);
  });

  it('fails with the program’s words where it fails on chain', async () => {
    trial.server.landings = () => ({
      error: { InstructionError: [0, { Custom: 6008 }] },
      isConfirmed: true,
    });
    expect(await trial.run()).toBe(false);
    expect(trial.progress.state).toMatchObject({
      step: 'failed',
      failure: { rule: 'SlippageExceeded', logs: ['Program log: what happened'] },
    });
  });

  it('outlives a server that goes away and comes back', async () => {
    let waits = 0;
    trial.server.landings = () => (waits > 5 ? { error: null, isConfirmed: true } : null);
    trial.server.tick = () => {
      waits += 1;
      trial.server.isDown = waits >= 2 && waits <= 4;
    };
    expect(await trial.run()).toBe(true);
    expect(trial.steps.at(-1)).toBe('confirmed');
  });

  it('is not lost where the answer to the first send is', async () => {
    trial.server.refusesSend = new TypeError('Failed to fetch');
    expect(await trial.run(), 'it landed all the same').toBe(true);
  });

  it('is refused by the server’s own check, or too late for it', async () => {
    trial.server.landings = () => null;
    trial.server.height = LAST_BLOCK + 1n;
    trial.server.refusesSend = new Error('Blockhash not found');
    await trial.run();
    expect(trial.progress.state.step).toBe('expired');
    trial.server.refusesSend = { InstructionError: [0, { Custom: 6010 }] };
    await trial.run();
    expect(trial.progress.state).toMatchObject({ step: 'failed', failure: { rule: 'Paused' } });
  });

  it('is found in the ledger where the server has forgotten it', async () => {
    trial.server.landings = () => null;
    trial.server.height = LAST_BLOCK + 1n;
    trial.server.inLedger = { error: null, isConfirmed: true };
    expect(await trial.run(), 'the tab slept for minutes').toBe(true);
  });

  it('is not given up for whatever a server answers to a question', async () => {
    const odd = [new Error('429'), new SyntaxError('<html>'), {}, new TypeError('of undefined')];
    trial.server.landings = (question) => {
      const error = odd[question - 1];
      if (error !== undefined) throw error;
      return { error: null, isConfirmed: true };
    };
    expect(await trial.run()).toBe(true);
  });

  it('is not failed by what a server makes of the first send', async () => {
    for (const words of ['This transaction has already been processed', 'Internal error', '429']) {
      trial.server.refusesSend = new Error(words);
      expect(await trial.run(), words).toBe(true);
    }
  });

  it('is not expired where nobody could tell', async () => {
    trial.server.tick = () => {
      trial.server.isDown = true;
    };
    expect(await trial.run()).toBe(false);
    expect(trial.progress.state.step).toBe('unknown');
    expect(canRetry(trial.progress.state)).toBe(false);
  });

  it('is not expired while it is seen and not confirmed', async () => {
    trial.server.height = LAST_BLOCK + 1_000n;
    trial.server.landings = () => ({ error: null, isConfirmed: false });
    await trial.run();
    expect(trial.progress.state.step).toBe('unknown');
  });

  it('does not fail on a fork that may be dropped', async () => {
    const error = { InstructionError: [0, { Custom: 6008 }] };
    trial.server.landings = (question) =>
      question < 3 ? { error, isConfirmed: false } : { error: null, isConfirmed: true };
    expect(await trial.run()).toBe(true);
  });
});
