import {
  AccountRole,
  address,
  appendTransactionMessageInstructions,
  blockhash,
  compileTransaction,
  createTransactionMessage,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  type Address,
  type Base64EncodedWireTransaction,
  type Instruction,
  type Signature,
} from '@solana/kit';
import type { PoolState } from '@thaw/client';
import { signerOf } from '../../wallet/signing.js';
import { testWallet, type TestWallet } from '../../wallet/testWallet.js';
import { execute, type Execution } from './execute.js';
import { IDLE, reduce, type Progress } from './machine.js';
import type { Stage } from './order.js';
import type { Pending } from './pending.js';
import type { Landing, Ports } from './ports.js';

const OURS = blockhash('11111111111111111111111111111111');
export const NEWER = blockhash('SysvarC1ock11111111111111111111111111111111');
export const LAST_BLOCK = 100n;
export const SLOT = 500n;

/** A server whose moods the test has in hand. It keeps what was sent. */
export class Server implements Ports {
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
export const work = (owner: Address, byte = 3): Instruction => ({
  programAddress: PROGRAM,
  accounts: [{ address: owner, role: AccountRole.WRITABLE_SIGNER }],
  data: Uint8Array.of(1, 2, byte),
});

/** An order carried out by a wallet for the tests on a {@link Server}, and what it left behind. */
export class Trial {
  server = new Server();
  progress: Progress = IDLE;
  steps: string[] = [];
  /** What was remembered over a reload, in turn. */
  kept: (Pending | null)[] = [];

  private constructor(readonly holder: TestWallet) {}

  static async begin(): Promise<Trial> {
    return new Trial(await testWallet('Test'));
  }

  /** The holder's wallet, as the pages use it. */
  wallet(change: object = {}) {
    return { ...signerOf(this.holder.wallet, this.holder.account, 'solana:devnet'), ...change };
  }

  run(change: Partial<Execution> = {}): Promise<boolean> {
    const owner = address(this.holder.account.address);
    return execute({
      order: { title: '', done: '', build: async () => [[[work(owner)]]] },
      owner,
      wallet: this.wallet(),
      ports: this.server,
      readPool: async () => ({}) as PoolState,
      cancelled: new AbortController().signal,
      keep: (pending) => this.kept.push(pending),
      dispatch: (event) => {
        this.progress = reduce(this.progress, event);
        this.steps.push(this.progress.state.step);
      },
      ...change,
    });
  }
}
