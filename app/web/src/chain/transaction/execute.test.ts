import {
  AccountRole,
  address,
  appendTransactionMessageInstructions,
  blockhash,
  compileTransaction,
  createTransactionMessage,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  getPublicKeyFromAddress,
  getTransactionDecoder,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  verifySignature,
  type Address,
  type Base64EncodedWireTransaction,
  type CompiledTransactionMessage,
  type Instruction,
  type Signature,
  type Transaction,
} from '@solana/kit';
import { ThawRefusal, type PoolState } from '@thaw/client';
import { beforeEach, describe, expect, it } from 'vitest';
import { MaybeSentError, signerOf } from '../../wallet/signing.js';
import { testWallet, type TestWallet } from '../../wallet/testWallet.js';
import { execute, watch, type Execution } from './execute.js';
import { canRetry, IDLE, reduce, type Progress } from './machine.js';
import type { Stage } from './order.js';
import type { Pending } from './pending.js';
import type { Landing, Ports } from './ports.js';
import { WouldFail } from './prepare.js';

const OURS = blockhash('11111111111111111111111111111111');
const NEWER = blockhash('SysvarC1ock11111111111111111111111111111111');
const LAST_BLOCK = 100n;
const SLOT = 500n;

/** A server whose moods the test has in hand. It keeps what was sent. */
class Server implements Ports {
  sent: Base64EncodedWireTransaction[] = [];
  /** How many were prepared at once, each time. */
  prepared: number[] = [];
  /** Where its ledger begins. */
  first = 0n;
  height = 0n;
  isDown = false;
  refuses: unknown = null;
  refusesSend: unknown = null;
  /** What becomes of a transaction, by how often it was asked for. */
  landings: (question: number, signature: Signature) => Landing | null = () => ({
    error: null,
    isConfirmed: true,
  });
  told: Promise<Landing> = Promise.reject(new Error('no WebSocket'));
  /** What only the ledger knows. */
  inLedger: Landing | null = null;
  questions = 0;
  /** Called at each wait. */
  tick: () => void = () => undefined;

  constructor() {
    this.told.catch(() => undefined);
  }

  #mustBeUp() {
    if (this.isDown) throw new TypeError('Failed to fetch');
  }
  async prepare(owner: Address, plans: Stage) {
    this.#mustBeUp();
    if (this.refuses !== null) throw this.refuses;
    this.prepared.push(plans.length);
    const lifetime = { blockhash: OURS, lastValidBlockHeight: LAST_BLOCK, slot: SLOT };
    return plans.map((instructions) => {
      const message = pipe(
        createTransactionMessage({ version: 0 }),
        (it) => setTransactionMessageFeePayer(owner, it),
        (it) => setTransactionMessageLifetimeUsingBlockhash(lifetime, it),
        (it) => appendTransactionMessageInstructions(instructions, it),
      );
      return { transaction: compileTransaction(message), lifetime };
    });
  }
  async send(wire: Base64EncodedWireTransaction) {
    this.#mustBeUp();
    if (this.refusesSend !== null) throw this.refusesSend;
    this.sent.push(wire);
  }
  async landing(signature: Signature, inLedger: boolean) {
    this.#mustBeUp();
    this.questions += 1;
    return this.landings(this.questions, signature) ?? (inLedger ? this.inLedger : null);
  }
  async blockHeight() {
    this.#mustBeUp();
    return this.height;
  }
  async firstSlot() {
    return this.first;
  }
  notification() {
    return this.told;
  }
  async logs() {
    return ['Program log: what happened'];
  }
  async sleep() {
    this.tick();
  }
}

const PROGRAM = address('Stake11111111111111111111111111111111111111');
const work = (owner: Address, byte = 3): Instruction => ({
  programAddress: PROGRAM,
  accounts: [{ address: owner, role: AccountRole.WRITABLE_SIGNER }],
  data: Uint8Array.of(1, 2, byte),
});

let server: Server;
let holder: TestWallet;
let progress: Progress;
let steps: string[];
/** What was remembered over a reload, in turn. */
let kept: (Pending | null)[];

beforeEach(async () => {
  server = new Server();
  holder = await testWallet('Test');
  progress = IDLE;
  steps = [];
  kept = [];
});

function run(change: Partial<Execution> = {}): Promise<boolean> {
  const owner = address(holder.account.address);
  return execute({
    order: { title: '', done: '', build: async () => [[[work(owner)]]] },
    owner,
    wallet: signerOf(holder.wallet, holder.account, 'solana:devnet'),
    ports: server,
    readPool: async () => ({}) as PoolState,
    cancelled: new AbortController().signal,
    keep: (pending) => kept.push(pending),
    dispatch: (event) => {
      progress = reduce(progress, event);
      steps.push(progress.state.step);
    },
    ...change,
  });
}

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
    expect(await run()).toBe(true);
    expect([...new Set(steps)]).toEqual([
      'building',
      'signing',
      'sending',
      'confirming',
      'confirmed',
    ]);
    const [wire] = server.sent;
    if (wire === undefined) throw new Error('nothing was sent');
    const { signatures, messageBytes } = decoded(wire);
    const signature = signatures[address(holder.account.address)];
    const key = await getPublicKeyFromAddress(address(holder.account.address));
    expect(signature && (await verifySignature(key, signature, messageBytes))).toBe(true);
  });

  it('is refused before anything is signed', async () => {
    server.refuses = ThawRefusal.ofRule('Paused');
    expect(await run()).toBe(false);
    expect(progress.state).toMatchObject({
      step: 'failed',
      signatures: [],
      failure: { rule: 'Paused', code: 6010 },
    });
    server.refuses = new WouldFail('AccountNotFound', ['log']);
    await run();
    expect(progress.state).toMatchObject({ failure: { logs: ['log'] } });
    expect(steps).not.toContain('signing');
    expect(server.sent).toEqual([]);
  });

  it('fails in words where it cannot be built, or has nothing to do', async () => {
    const build = async () => Promise.reject(ThawRefusal.ofRule('NoValue'));
    await run({ order: { title: '', done: '', build } });
    expect(progress.state).toMatchObject({ step: 'failed', failure: { rule: 'NoValue' } });
    await run({ order: { title: '', done: '', build: async () => [] } });
    expect(progress.state).toMatchObject({
      failure: { title: 'There is nothing to do any more.' },
    });
  });

  it('can be rejected', async () => {
    holder.mood.rejects = true;
    expect(await run()).toBe(false);
    expect(progress.state).toEqual({ step: 'rejected', done: [] });
    expect(server.sent).toEqual([]);
  });

  it('stops at the first of several transactions that does not land', async () => {
    const owner = address(holder.account.address);
    const build = async () => [[[work(owner)]], [[work(owner)]], [[work(owner)]]];
    server.tick = () => {
      holder.mood.rejects = true;
    };
    expect(await run({ order: { title: '', done: '', build } })).toBe(false);
    expect(progress.state.step).toBe('rejected');
    expect([progress.done.length, server.sent.length]).toEqual([1, 1]);
  });
});

describe('what the wallet returns', () => {
  it('counts as a whole: also instructions that it adds', async () => {
    holder.mood.changes = (transaction) =>
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
    expect(await run()).toBe(true);
    const [wire] = server.sent;
    const bytes = wire === undefined ? new Uint8Array() : decoded(wire).messageBytes;
    expect(getCompiledTransactionMessageDecoder().decode(bytes)).toMatchObject({
      instructions: [{}, {}],
    });
  });

  it('may have another blockhash, which lives longer', async () => {
    holder.mood.changes = (transaction) =>
      remade(transaction, (message) => ({ ...message, lifetimeToken: NEWER }));
    server.landings = () => null;
    server.height = LAST_BLOCK + 1n;
    server.tick = () => {
      server.height += 10n;
    };
    expect(await run()).toBe(false);
    expect(progress.state.step).toBe('expired');
    expect(server.height, '150 blocks and some from when it was signed').toBeGreaterThan(
      LAST_BLOCK + 180n,
    );
  });

  it('must be signed', async () => {
    const wallet = {
      ...signerOf(holder.wallet, holder.account, 'solana:devnet'),
      sign: async (bytes: readonly Uint8Array[]) => bytes,
    };
    await run({ wallet });
    expect(progress.state).toMatchObject({
      step: 'failed',
      failure: { detail: 'The wallet returned the transaction without its signature.' },
    });
  });

  it('may be a signature alone, where the wallet sends by itself', async () => {
    const sender = await testWallet('Sender', ['solana:signAndSendTransaction']);
    const wallet = signerOf(sender.wallet, sender.account, 'solana:devnet');
    expect(await run({ wallet, owner: address(sender.account.address) })).toBe(true);
    expect(server.sent, 'the app sends nothing').toEqual([]);
  });
});

describe('on its way', () => {
  it('is sent again, the same bytes, until it lands', async () => {
    server.landings = (question) => (question < 7 ? null : { error: null, isConfirmed: true });
    expect(await run()).toBe(true);
    expect(server.sent.length).toBeGreaterThanOrEqual(3);
    expect(new Set(server.sent).size).toBe(1);
  });

  it('expires once its last block is past, and not before that is seen twice', async () => {
    server.landings = () => null;
    server.tick = () => {
      server.height += 30n;
    };
    expect(await run()).toBe(false);
    expect(progress.state.step).toBe('expired');
    expect(server.height).toBeGreaterThanOrEqual(LAST_BLOCK + 30n);
  });

  it('may land in the last block', async () => {
    server.height = LAST_BLOCK + 1n;
    server.landings = (question) => (question === 1 ? null : { error: null, isConfirmed: true });
    expect(await run()).toBe(true);
  });

  it('is told by WebSocket before anyone asks', async () => {
    server.told = Promise.resolve({ error: null, isConfirmed: true });
    server.landings = () => null;
    expect(await run()).toBe(true);
  });

  it('fails with the program’s words where it fails on chain', async () => {
    server.landings = () => ({
      error: { InstructionError: [0, { Custom: 6008 }] },
      isConfirmed: true,
    });
    expect(await run()).toBe(false);
    expect(progress.state).toMatchObject({
      step: 'failed',
      failure: { rule: 'SlippageExceeded', logs: ['Program log: what happened'] },
    });
  });

  it('outlives a server that goes away and comes back', async () => {
    let waits = 0;
    server.landings = () => (waits > 5 ? { error: null, isConfirmed: true } : null);
    server.tick = () => {
      waits += 1;
      server.isDown = waits >= 2 && waits <= 4;
    };
    expect(await run()).toBe(true);
    expect(steps.at(-1)).toBe('confirmed');
  });

  it('is not lost where the answer to the first send is', async () => {
    server.refusesSend = new TypeError('Failed to fetch');
    expect(await run(), 'it landed all the same').toBe(true);
  });

  it('is refused by the server’s own check, or too late for it', async () => {
    server.landings = () => null;
    server.height = LAST_BLOCK + 1n;
    server.refusesSend = new Error('Blockhash not found');
    await run();
    expect(progress.state.step).toBe('expired');
    server.refusesSend = { InstructionError: [0, { Custom: 6010 }] };
    await run();
    expect(progress.state).toMatchObject({ step: 'failed', failure: { rule: 'Paused' } });
  });

  it('is found in the ledger where the server has forgotten it', async () => {
    server.landings = () => null;
    server.height = LAST_BLOCK + 1n;
    server.inLedger = { error: null, isConfirmed: true };
    expect(await run(), 'the tab slept for minutes').toBe(true);
  });

  it('is not given up for whatever a server answers to a question', async () => {
    const odd = [new Error('429'), new SyntaxError('<html>'), {}, new TypeError('of undefined')];
    server.landings = (question) => {
      const error = odd[question - 1];
      if (error !== undefined) throw error;
      return { error: null, isConfirmed: true };
    };
    expect(await run()).toBe(true);
  });

  it('is not failed by what a server makes of the first send', async () => {
    for (const words of ['This transaction has already been processed', 'Internal error', '429']) {
      server.refusesSend = new Error(words);
      expect(await run(), words).toBe(true);
    }
  });

  it('is not expired where nobody could tell', async () => {
    server.tick = () => {
      server.isDown = true;
    };
    expect(await run()).toBe(false);
    expect(progress.state.step).toBe('unknown');
    expect(canRetry(progress.state)).toBe(false);
  });

  it('is not expired while it is seen and not confirmed', async () => {
    server.height = LAST_BLOCK + 1_000n;
    server.landings = () => ({ error: null, isConfirmed: false });
    await run();
    expect(progress.state.step).toBe('unknown');
  });

  it('does not fail on a fork that may be dropped', async () => {
    const error = { InstructionError: [0, { Custom: 6008 }] };
    server.landings = (question) =>
      question < 3 ? { error, isConfirmed: false } : { error: null, isConfirmed: true };
    expect(await run()).toBe(true);
  });
});

describe('a wallet that does not answer', () => {
  const never = () => new Promise<never>(() => undefined);
  const waiting = (change: object) => {
    const patience = new AbortController();
    const wallet = { ...signerOf(holder.wallet, holder.account, 'solana:devnet'), ...change };
    const done = run({ wallet, cancelled: patience.signal });
    setTimeout(() => patience.abort(), 10);
    return done;
  };

  it('can be left, and what it signs later is not sent', async () => {
    expect(await waiting({ sign: never })).toBe(false);
    expect(progress.state.step).toBe('rejected');
    expect(server.sent).toEqual([]);
  });

  it('may have sent, where it sends by itself', async () => {
    expect(await waiting({ sign: null, signAndSend: never })).toBe(false);
    expect(progress.state).toEqual({ step: 'unknown', signatures: [], done: [] });
    const fails = async () => Promise.reject(new MaybeSentError('rejected by the node'));
    expect(await waiting({ sign: null, signAndSend: fails })).toBe(false);
    expect(progress.state.step).toBe('unknown');
  });
});

describe('several transactions', () => {
  const LANDED = { error: null, isConfirmed: true };
  const order = () => {
    const owner = address(holder.account.address);
    const one = [work(owner, 1), work(owner, 2), work(owner, 3)].map((it) => [it]);
    return { title: 'Do it', done: 'Done it.', build: async () => [one, [[work(owner, 4)]]] };
  };

  it('are approved once a stage, and each stage when the last one has landed', async () => {
    expect(await run({ order: order() })).toBe(true);
    expect([server.prepared, holder.mood.approvals]).toEqual([[3, 1], 2]);
    expect(new Set(server.sent).size).toBe(4);
    expect(progress.done).toHaveLength(4);
  });

  it('are approved one by one where the wallet takes no more', async () => {
    holder.mood.isSingle = true;
    expect(await run({ order: order() })).toBe(true);
    expect([server.prepared, holder.mood.approvals]).toEqual([[3, 1, 1, 1, 1], 5]);
    expect(server.sent).toHaveLength(4);
  });

  it('are not asked for again where the user said no to all', async () => {
    holder.mood.rejects = true;
    expect(await run({ order: order() })).toBe(false);
    expect([progress.state.step, holder.mood.approvals, server.sent]).toEqual(['rejected', 1, []]);
  });

  it('are all watched to the end, and the least certain end is told', async () => {
    const seen: Signature[] = [];
    server.landings = (_, signature) => {
      if (!seen.includes(signature)) seen.push(signature);
      if (signature === seen[0]) return LANDED;
      const error = { InstructionError: [0, { Custom: 6010 }] };
      return signature === seen[1] ? { error, isConfirmed: true } : null;
    };
    server.tick = () => {
      server.height += 30n;
    };
    expect(await run({ order: order() })).toBe(false);
    expect(progress.state).toMatchObject({ step: 'failed', failure: { rule: 'Paused' } });
    expect([progress.done, server.prepared]).toEqual([[seen[0]], [3]]);
  });

  it('are remembered while they are under way, and no longer', async () => {
    expect(await run({ order: order() })).toBe(true);
    const counts = kept.map((pending) => pending?.sent.length ?? null);
    expect(counts.slice(0, 4)).toEqual([3, 2, 1, null]);
    expect(counts.at(-1)).toBeNull();
    expect(kept[0]?.task.done, 'a part is not all').toMatch(/part of it/);
    expect(kept[counts.lastIndexOf(1)]?.task).toEqual({ title: 'Do it', done: 'Done it.' });
  });
});

describe('a page that is loaded anew', () => {
  const task = { title: '', done: '' };
  const again = async (pending: Pending) => {
    const sent = pending.sent.map((one) => ({ ...one, wire: null }));
    const signatures = sent.map(({ signature }) => signature);
    progress = reduce(IDLE, { type: 'resumed', signatures });
    const dispatch: Execution['dispatch'] = (event) => {
      progress = reduce(progress, event);
    };
    const keep = (next: Pending | null) => kept.push(next);
    return watch({ task, sent, ports: server, dispatch, keep });
  };
  const left = async (): Promise<Pending> => {
    await run();
    const [pending] = kept;
    if (!pending) throw new Error('nothing was kept');
    kept = [];
    server.sent = [];
    return pending;
  };

  it('watches on, and sends nothing', async () => {
    const pending = await left();
    server.landings = (question) => (question < 7 ? null : { error: null, isConfirmed: true });
    expect(await again(pending)).toBe(true);
    expect([progress.state.step, server.sent, kept.at(-1)]).toEqual(['confirmed', [], null]);
  });

  it('sees that it expired, by the last block that was kept', async () => {
    const pending = await left();
    server.landings = () => null;
    server.height = LAST_BLOCK + 1n;
    expect(await again(pending)).toBe(false);
    expect(progress.state.step).toBe('expired');
  });

  it('does not call it expired where the ledger begins after it', async () => {
    const pending = await left();
    server.landings = () => null;
    server.height = LAST_BLOCK + 1n;
    server.first = SLOT + 1n;
    expect(await again(pending)).toBe(false);
    expect(progress.state.step).toBe('unknown');
  });

  it('knows that a wallet was asked to send', async () => {
    const sender = await testWallet('Sender', ['solana:signAndSendTransaction']);
    const wallet = signerOf(sender.wallet, sender.account, 'solana:devnet');
    expect(await run({ wallet, owner: address(sender.account.address) })).toBe(true);
    expect(kept.map((pending) => pending?.sent.length ?? null)).toEqual([0, 1, null, null]);
  });
});
