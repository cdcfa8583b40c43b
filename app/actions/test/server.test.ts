import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MINT = 'So11111111111111111111111111111111111111112';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'thaw-actions-'));
  const root = fileURLToPath(new URL('..', import.meta.url));
  await build({
    root,
    logLevel: 'warn',
    build: { outDir: join(folder, 'dist'), emptyOutDir: true },
  });
  // Away from everything: no package of the workspace can be found from there.
  file = join(folder, 'server.mjs');
  copyFileSync(join(folder, 'dist/server.js'), file);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the built server to its end, in an environment of its own. */
function run(args: readonly string[], environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, [file, ...args], { env: environment, encoding: 'utf8' });
}

/** Where the server says that it listens. */
function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => {
      const found = /Serving at (\S+)/.exec(text.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${String(code)}`)));
  });
}

describe('the built server', () => {
  it('explains itself', () => {
    const help = run(['--help']);
    expect(help.status).toBe(0);
    for (const name of ['MINT', 'RPC', 'HOST', 'PORT', 'PUBLIC_URL']) {
      expect(help.stdout).toContain(name);
    }
  });

  it('ends with 2 when it is set up wrongly', () => {
    const none = run([]);
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('MINT is not the address');
    expect(run(['--port'], { MINT }).status).toBe(2);
  });

  it('serves on a free port and stops when it is told to', async () => {
    const environment = { MINT, PORT: '0', RPC: 'http://127.0.0.1:9' };
    const child = spawn(process.execPath, [file], { env: environment });
    try {
      const origin = await address(child);
      const rules = await fetch(`${origin}/actions.json`);
      expect(rules.headers.get('access-control-allow-origin')).toBe('*');
      expect((await fetch(`${origin}/api/stake`)).status).toBe(503);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
