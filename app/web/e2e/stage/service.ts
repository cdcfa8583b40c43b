import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { LOGS } from './paths.js';

/** How long a process may take to start, milliseconds: the machine may be busy. */
const START_MS = 60_000;
/** How long it may take to stop before it is killed, milliseconds. */
const STOP_MS = 10_000;

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  // The last resort: whoever forgot to stop a process leaves none behind.
  for (const child of alive) child.kill('SIGKILL');
});

/** A process that runs beside the tests. What it says goes to a log that is kept. */
export class Service {
  private said = '';

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  /**
   * Starts a process and waits until it has said `ready`.
   *
   * @throws When it ends, or stays silent for a minute.
   */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
    ready: RegExp,
  ): Promise<Service> {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const service = new Service(name, child);
    mkdirSync(LOGS, { recursive: true });
    const log = createWriteStream(join(LOGS, `${name}.log`), { flags: 'a' });
    log.write(`$ ${name} ${args.join(' ')}\n`);
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        service.said += text;
        log.write(text);
      });
    }
    child.once('close', (code, signal) => log.end(`ended: ${String(code ?? signal)}\n`));
    await service.saying(ready);
    return service;
  }

  /** What it has said so far, stdout and stderr. */
  get output(): string {
    return this.said;
  }

  /** Waits until it has said something that fits. */
  private async saying(pattern: RegExp): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (!pattern.test(this.said)) {
      if (this.child.exitCode !== null || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.name} did not start:\n${this.said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Asks it to end, kills it when it does not. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
}

/** Runs a program to its end and returns its stdout. Throws with its stderr when it fails. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 1 << 26 });
  return stdout;
}
