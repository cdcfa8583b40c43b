import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import {
  type AddressInfo,
  type Server,
  type Socket,
  connect,
  createServer as listen,
} from 'node:net';

import { getBase58Decoder, getBase64Encoder } from '@solana/kit';

/** What stands between a page and the cluster, and can be told to misbehave. */
export class ChainProxy {
  /** True: `sendTransaction` answers with the signature and forwards nothing. */
  swallowsSends = false;
  /** Delay before a request is forwarded, milliseconds. */
  delayMs = 0;
  /** How often each method was called. */
  readonly calls = new Map<string, number>();

  private readonly sockets = new Set<Socket>();
  private readonly servers: readonly Server[];
  private ports: readonly number[] = [];

  private constructor(rpcUrl: string, wsUrl: string) {
    const rpc = createServer((from, to) => {
      void this.forward(rpcUrl, from, to);
    });
    const { hostname, port } = new URL(wsUrl);
    const ws = listen((client) => {
      const upstream = connect(Number(port), hostname);
      client.pipe(upstream).pipe(client);
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
    });
    this.servers = [rpc, ws];
    for (const server of this.servers) {
      server.on('connection', (socket: Socket) => {
        this.sockets.add(socket);
        socket.on('close', () => this.sockets.delete(socket));
      });
    }
  }

  /** Starts on free ports. */
  static async start(chain: { rpcUrl: string; wsUrl: string }): Promise<ChainProxy> {
    const proxy = new ChainProxy(chain.rpcUrl, chain.wsUrl);
    await proxy.up();
    return proxy;
  }

  get rpcUrl(): string {
    return `http://127.0.0.1:${String(this.ports[0])}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${String(this.ports[1])}`;
  }

  /** Closes all connections and refuses new ones. */
  async down(): Promise<void> {
    const closed = this.servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Takes connections again, on the same ports. */
  async up(): Promise<void> {
    const open = async (server: Server, place: number): Promise<number> => {
      await new Promise<void>((resolve) => {
        server.listen(this.ports[place] ?? 0, '127.0.0.1', resolve);
      });
      return (server.address() as AddressInfo).port;
    };
    this.ports = await Promise.all(this.servers.map(open));
  }

  /** Ends it, whether it is up or not. */
  async close(): Promise<void> {
    if (this.servers.some((server) => server.listening)) await this.down();
  }

  private async forward(rpcUrl: string, from: IncomingMessage, to: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of from) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const call = readCall(body);
    if (call !== null) this.calls.set(call.method, (this.calls.get(call.method) ?? 0) + 1);
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.swallowsSends && call?.method === 'sendTransaction') {
      const answer = { jsonrpc: '2.0', id: call.id, result: firstSignature(call.params) };
      const origin = from.headers.origin ?? '*';
      const type = 'application/json';
      to.writeHead(200, { 'content-type': type, 'access-control-allow-origin': origin });
      to.end(JSON.stringify(answer));
      return;
    }
    const headers = { ...from.headers, host: new URL(rpcUrl).host };
    const upstream = request(rpcUrl, { method: from.method ?? 'POST', headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    upstream.on('error', () => to.destroy());
    upstream.end(body);
  }
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

function readCall(body: Buffer): Call | null {
  try {
    return JSON.parse(body.toString('utf8')) as Call;
  } catch {
    return null;
  }
}

/** The signature that names a transaction: the first, after the count. */
function firstSignature(params: readonly unknown[]): string {
  const bytes = getBase64Encoder().encode(String(params[0]));
  return getBase58Decoder().decode(bytes.slice(1, 65));
}
