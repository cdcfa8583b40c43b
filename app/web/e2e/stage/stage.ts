import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KeeperSwitch } from './keeper.js';
import { type Key, newKeyFile } from './key.js';
import { PROGRAM, SPL_POOL_BYTECODE, binary, programAddress } from './paths.js';
import { openPool } from './pool.js';
import { settleResident } from './resident.js';
import { Service } from './service.js';
import { SPL_POOL_PROGRAM } from './splPool.js';
import type { Role } from './thaw.js';

/** Lamports in a SOL. */
export const SOL = 1_000_000_000n;
/** What each power of the pool starts with, and its keeper. */
const FUNDS = 10_000n * SOL;
/** The same for the resident. */
const POCKET = 75n * SOL;

/** How a stage differs from the usual. */
export interface StageOptions {
  /** Wall time of an epoch, which is one day of chain time. */
  epochSeconds?: number;
  /** Wall time of a block. A blockhash lives for 150 of them. */
  blockMs?: number;
  /** SOL in the pool besides its bootstrap. */
  deposits?: number;
}

/** How to reach a stage: plain data, so that another process can use it. */
export interface StageInfo {
  readonly rpcUrl: string;
  readonly wsUrl: string;
  /** The share mint. */
  readonly mint: string;
  readonly pool: string;
  /** Vote accounts of the cluster; the pool lists all but the last. */
  readonly votes: readonly string[];
  /** Key files of the pool's powers, and of a holder with something of everything. */
  readonly keys: Readonly<Record<Role, string>>;
  readonly addresses: Readonly<Record<Role, string>>;
  readonly epochSeconds: number;
  readonly blockMs: number;
}

/** A running local cluster with a pool and its keeper. */
export interface Stage {
  readonly info: StageInfo;
  readonly keeper: KeeperSwitch;
  /** Ends all processes and removes the keys. */
  stop(): Promise<void>;
}

/**
 * Starts a cluster, opens a pool on it and sets its keeper to work. Nothing is left running when
 * it fails.
 *
 * @throws When a binary is missing or does not do what it should; with what it said.
 */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { epochSeconds = 10, blockMs = 100, deposits = 600 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'thaw-stage-'));
  const undo: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const roles: Record<Role, Key & { path: string }> = {
      admin: await newKeyFile(folder, 'admin'),
      operator: await newKeyFile(folder, 'operator'),
      guardian: await newKeyFile(folder, 'guardian'),
      resident: await newKeyFile(folder, 'resident'),
    };
    const payer = await newKeyFile(folder, 'keeper');
    const funds = (key: Key): string => {
      return `${key.address}=${String(key === roles.resident ? POCKET : FUNDS)}`;
    };
    const localnet = await Service.start(
      'thaw-localnet',
      binary('thaw-localnet'),
      [
        ...['--rpc-port', '0', '--ws-port', '0', '--validators', '6'],
        ...['--epoch-seconds', String(epochSeconds), '--block-ms', String(blockMs)],
        ...programs(),
        ...[...Object.values(roles), payer].flatMap((key) => ['--fund', funds(key)]),
      ],
      /Ctrl-C stops it/,
    );
    undo.push(() => localnet.stop());
    const cluster = {
      rpcUrl: match(localnet.output, /RPC +(http:\S+)/),
      wsUrl: match(localnet.output, /WebSocket +(ws:\S+)/),
      votes: [...localnet.output.matchAll(/^ +\d+ +(\w+)$/gm)].map(([, vote]) => vote ?? ''),
      keys: each(roles, (key) => key.path),
      addresses: each(roles, (key) => key.address),
    };
    const pool = await openPool({ ...cluster, mint: '' }, folder, deposits);
    const info = { ...cluster, ...pool, epochSeconds, blockMs };
    const keeper = new KeeperSwitch(info, payer.path);
    undo.push(() => keeper.stop());
    await keeper.start();
    await settleResident(info, roles.resident);
    return { info, keeper, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Thaw, and where it is at hand the program that people migrate from. */
function programs(): string[] {
  const thaw = ['--program', `${programAddress()}=${PROGRAM}`];
  if (!existsSync(SPL_POOL_BYTECODE)) return thaw;
  return [...thaw, '--program', `${SPL_POOL_PROGRAM}=${SPL_POOL_BYTECODE}`];
}

function match(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${String(pattern)} is not in: ${text}`);
  return found;
}

function each<T>(roles: Record<Role, T>, of: (value: T) => string): Record<Role, string> {
  const { admin, operator, guardian, resident } = roles;
  return {
    admin: of(admin),
    operator: of(operator),
    guardian: of(guardian),
    resident: of(resident),
  };
}
