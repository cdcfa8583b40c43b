import { readFile } from 'node:fs/promises';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

import { SITE } from './paths.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** A static server of the built app. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** What `config.json` says. */
export interface SiteConfig {
  readonly rpc: string;
  readonly ws: string;
  readonly mint: string;
}

/** Serves the built app as a static host does, with a config of its own. Takes a free port. */
export async function serveSite(config: SiteConfig, root: string = SITE): Promise<Site> {
  const text = JSON.stringify({
    cluster: 'localnet',
    ...config,
    name: 'Thawed SOL',
    symbol: 'thSOL',
  });
  const policy = await readPolicy(root);
  const send = (to: ServerResponse, status: number, type: string, body: string | Buffer): void => {
    to.writeHead(status, {
      'content-type': TYPES[type] ?? 'application/octet-stream',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
    to.end(body);
  };
  const sendFile = async (to: ServerResponse, path: string): Promise<void> => {
    const file = join(root, normalize(path.endsWith('/') ? `${path}index.html` : path));
    try {
      send(to, 200, extname(file), await readFile(file));
    } catch {
      send(to, 404, '.txt', 'There is nothing here.');
    }
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname);
    if (path === '/config.json') send(response, 200, '.json', text);
    else void sendFile(response, path);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${String(port)}/`, close };
}

/**
 * The policy of the page's meta tag, as a host should send it: as a header, and with the one
 * directive that a meta tag cannot hold.
 */
async function readPolicy(root: string): Promise<string> {
  const html = await readFile(join(root, 'index.html'), 'utf8');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error('index.html has no content security policy');
  return `${policy}; frame-ancestors 'none'`;
}
