import { binary } from './paths.js';
import { Service } from './service.js';
import type { StageInfo } from './stage.js';

/** The real keeper of a stage's pool, which can be switched off and on. */
export class KeeperSwitch {
  private service: Service | null = null;

  /** `payer`: key file of who pays its fees. */
  constructor(
    private readonly stage: Pick<StageInfo, 'rpcUrl' | 'mint'>,
    private readonly payer: string,
  ) {}

  /** Sets it to work, if it is not. */
  async start(): Promise<void> {
    if (this.service !== null) return;
    // Claims are the holders' to send here: the keeper would be quicker than any page.
    const args = ['--interval', '500ms', '--push-claims', 'false'];
    const where = ['--rpc-url', this.stage.rpcUrl, '--pool', this.stage.mint];
    const all = [...where, '--keypair', this.payer, ...args];
    this.service = await Service.start('thaw-keeper', binary('thaw-keeper'), all, /keeping pool/);
  }

  /** Stops it; the pool goes stale with the next epoch. */
  async stop(): Promise<void> {
    await this.service?.stop();
    this.service = null;
  }
}
