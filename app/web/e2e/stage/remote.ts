import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { KeeperSwitch } from './keeper.js';

/** The keeper of a stage that another process runs. */
export interface RemoteKeeper {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Lets other processes switch the keeper: `POST /start` and `POST /stop`. */
export async function serveKeeper(
  keeper: KeeperSwitch,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const done = request.url === '/start' ? keeper.start() : keeper.stop();
    done.then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${String(port)}`, close };
}

/** Switches the keeper that is served at `url`. */
export function remoteKeeper(url: string): RemoteKeeper {
  const ask = async (what: 'start' | 'stop'): Promise<void> => {
    const answer = await fetch(`${url}/${what}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`the keeper does not ${what}: ${await answer.text()}`);
  };
  return { start: () => ask('start'), stop: () => ask('stop') };
}
