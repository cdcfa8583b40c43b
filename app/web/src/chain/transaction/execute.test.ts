import {
  address,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  getPublicKeyFromAddress,
  getTransactionDecoder,
  verifySignature,
  type Base64EncodedWireTransaction,
  type CompiledTransactionMessage,
  type Transaction,
} from '@solana/kit';
import { ThawRefusal } from '@thaw/client';
import { beforeEach, describe, expect, it } from 'vitest';
import { MaybeSentError, signerOf } from '../../wallet/signing.js';
import { testWallet } from '../../wallet/testWallet.js';
import { WouldFail } from './prepare.js';
import { LAST_BLOCK, NEWER, Trial, work } from './testTrial.js';

let trial: Trial;

beforeEach(async () => {
  trial = await Trial.begin();
});

const decoded = (wire: Base64EncodedWireTransaction): Transaction =>
  getTransactionDecoder().decode(getBase64Encoder().encode(wire));

/** The message changed by a wallet. */
function remade(
  transaction: Transaction,
  change: (message: CompiledTransactionMessage) => CompiledTransactionMessage,
): Transaction {
  const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
  const bytes = getCompiledTransactionMessageEncoder().encode(
    change(message) as Parameters<
      ReturnType<typeof getCompiledTransactionMessageEncoder>['encode']
    >[0],
  );
  return { ...transaction, messageBytes: bytes as Transaction['messageBytes'] };
}

describe('an order', () => {
  it('is prepared, signed for real, sent and confirmed', async () => {
    expect(await trial.run()).toBe(true);
    expect([...new Set(trial.steps)]).toEqual([
      'building',
      'signing',
      'sending',
      'confirming',
      'confirmed',
    ]);
    const [wire] = trial.server.sent;
    if (wire === undefined) throw new Error('nothing was sent');
    const { signatures, messageBytes } = decoded(wire);
    const signature = signatures[address(trial.holder.account.address)];
    const key = await getPublicKeyFromAddress(address(trial.holder.account.address));
    expect(signature && (await verifySignature(key, signature, messageBytes))).toBe(true);
  });

  it('is refused before anything is signed', async () => {
    trial.server.refuses = ThawRefusal.ofRule('Paused');
    expect(await trial.run()).toBe(false);
    expect(trial.progress.state).toMatchObject({
      step: 'failed',
      signatures: [],
      failure: { rule: 'Paused', code: 6010 },
    });
    trial.server.refuses = new WouldFail('AccountNotFound', ['log']);
    await trial.run();
    expect(trial.progress.state).toMatchObject({ failure: { logs: ['log'] } });
    expect(trial.steps).not.toContain('signing');
    expect(trial.server.sent).toEqual([]);
  });

  it('fails in words where it cannot be built, or has nothing to do', async () => {
    const build = async () => Promise.reject(ThawRefusal.ofRule('NoValue'));
    await trial.run({ order: { title: '', done: '', build } });
    expect(trial.progress.state).toMatchObject({ step: 'failed', failure: { rule: 'NoValue' } });
    await trial.run({ order: { title: '', done: '', build: async () => [] } });
    expect(trial.progress.state).toMatchObject({
      failure: { title: 'There is nothing to do any more.' },
    });
  });

  it('can be rejected', async () => {
    trial.holder.mood.rejects = true;
    expect(await trial.run()).toBe(false);
    expect(trial.progress.state).toEqual({ step: 'rejected', done: [] });
    expect(trial.server.sent).toEqual([]);
  });

  it('stops at the first of several transactions that does not land', async () => {
    const owner = address(trial.holder.account.address);
    const build = async () => [[[work(owner)]], [[work(owner)]], [[work(owner)]]];
    trial.server.tick = () => {
      trial.holder.mood.rejects = true;
    };
    expect(await trial.run({ order: { title: '', done: '', build } })).toBe(false);
    expect(trial.progress.state.step).toBe('rejected');
    expect([trial.progress.done.length, trial.server.sent.length]).toEqual([1, 1]);
  });
});

describe('what the wallet returns', () => {
  it('counts as a whole: also instructions that it adds', async () => {
    trial.holder.mood.changes = (transaction) =>
      remade(
        transaction,
        (message) =>
          ({
            ...message,
            ...('instructions' in message && {
              instructions: [...message.instructions, ...message.instructions],
            }),
          }) as CompiledTransactionMessage,
      );
    expect(await trial.run()).toBe(true);
    const [wire] = trial.server.sent;
    const bytes = wire === undefined ? new Uint8Array() : decoded(wire).messageBytes;
    expect(getCompiledTransactionMessageDecoder().decode(bytes)).toMatchObject({
      instructions: [{}, {}],
    });
  });

  it('may have another blockhash, which lives longer', async () => {
    trial.holder.mood.changes = (transaction) =>
      remade(transaction, (message) => ({ ...message, lifetimeToken: NEWER }));
    trial.server.landings = () => null;
    trial.server.height = LAST_BLOCK + 1n;
    trial.server.tick = () => {
      trial.server.height += 10n;
    };
    expect(await trial.run()).toBe(false);
    expect(trial.progress.state.step).toBe('expired');
    expect(trial.server.height, '150 blocks and some from when it was signed').toBeGreaterThan(
      LAST_BLOCK + 190n,
    );
  });

  it('must be signed', async () => {
    const wallet = trial.wallet({ sign: async (bytes: readonly Uint8Array[]) => bytes });
    await trial.run({ wallet });
    expect(trial.progress.state).toMatchObject({
      step: 'failed',
      failure: { detail: 'The wallet returned the transaction without its signature.' },
    });
  });

  it('may be a signature alone, where the wallet sends by itself', async () => {
    const sender = await testWallet('Sender', ['solana:signAndSendTransaction']);
    const wallet = signerOf(sender.wallet, sender.account, 'solana:devnet');
    expect(await trial.run({ wallet, owner: address(sender.account.address) })).toBe(true);
    expect(trial.server.sent, 'the app sends nothing').toEqual([]);
  });
});

describe('a wallet that does not answer', () => {
  const never = () => new Promise<never>(() => undefined);
  const waiting = (change: object) => {
    const patience = new AbortController();
    const done = trial.run({ wallet: trial.wallet(change), cancelled: patience.signal });
    setTimeout(() => patience.abort(), 10);
    return done;
  };

  it('can be left, and what it signs later is not sent', async () => {
    expect(await waiting({ sign: never })).toBe(false);
    expect(trial.progress.state.step).toBe('rejected');
    expect(trial.server.sent).toEqual([]);
  });

  it('may have sent, where it sends by itself', async () => {
    expect(await waiting({ sign: null, signAndSend: never })).toBe(false);
    expect(trial.progress.state).toEqual({ step: 'unknown', signatures: [], done: [] });
    const fails = async () => Promise.reject(new MaybeSentError('rejected by the node'));
    expect(await waiting({ sign: null, signAndSend: fails })).toBe(false);
    expect(trial.progress.state.step).toBe('unknown');
  });
});
