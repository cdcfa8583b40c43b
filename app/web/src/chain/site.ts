import { address, type Address } from '@solana/kit';

/** The clusters that the app knows. */
export const CLUSTERS = ['localnet', 'devnet', 'testnet', 'mainnet-beta'] as const;

/** A cluster. */
export type Cluster = (typeof CLUSTERS)[number];

/** Hashes of the first blocks of the public ones: a server can have any name. */
const GENESIS: Readonly<Partial<Record<Cluster, string>>> = {
  devnet: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
  testnet: '4uhcVJyU9pJkvQyS88uRDiswHScCkY3sQawwpDk2NsGt',
  'mainnet-beta': '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
};

/** The public cluster whose first block has this hash, by its name; `null` for any other. */
export function clusterName(genesis: string): string | null {
  const found = CLUSTERS.find((one) => GENESIS[one] === genesis);
  return found === undefined ? null : CLUSTER_NAMES[found];
}

/** What people call them. */
export const CLUSTER_NAMES: Readonly<Record<Cluster, string>> = {
  localnet: 'Local network',
  devnet: 'Devnet',
  testnet: 'Testnet',
  'mainnet-beta': 'Mainnet',
};

/** What `config.json` beside the page says: which pool of which cluster this site is for. */
export interface Site {
  cluster: Cluster;
  /**
   * Hash of its first block, by which a server of another cluster is told; `null` for a local network
   * that has none.
   */
  genesis: string | null;
  /** JSON-RPC server. */
  rpc: string;
  /** Its WebSocket. */
  ws: string;
  /** The pool's share mint. */
  mint: Address;
  /** Name of the share token: `Thawed SOL`. */
  name: string;
  /** Its symbol: `thSOL`. */
  symbol: string;
}

/** The site's configuration cannot be used; the message says why. */
export class SiteError extends Error {
  override readonly name = 'SiteError';
}

/** True for what can be a server's address in one of the schemes. */
export function isUrl(text: string, ...schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol);
}

/**
 * Reads a configuration.
 * @throws {SiteError} where something is missing or malformed.
 */
export function readSite(json: unknown): Site {
  if (typeof json !== 'object' || json === null) throw new SiteError('It is not an object.');
  const text = (key: string): string => {
    const value = (json as Record<string, unknown>)[key];
    if (typeof value !== 'string' || value === '') throw new SiteError(`“${key}” is missing.`);
    return value;
  };
  const cluster = CLUSTERS.find((one) => one === text('cluster'));
  if (!cluster) throw new SiteError(`“cluster” must be one of ${CLUSTERS.join(', ')}.`);
  const known = GENESIS[cluster] ?? null;
  const genesis = (json as Partial<Site>).genesis === undefined ? known : text('genesis');
  if (known !== null && genesis !== known) {
    throw new SiteError(`“genesis” is not the one of ${CLUSTER_NAMES[cluster]}.`);
  }
  const [rpc, ws] = [text('rpc'), text('ws')];
  if (!isUrl(rpc, 'http:', 'https:')) throw new SiteError('“rpc” is no http address.');
  if (!isUrl(ws, 'ws:', 'wss:')) throw new SiteError('“ws” is no WebSocket address.');
  let mint: Address;
  try {
    mint = address(text('mint'));
  } catch (cause) {
    throw new SiteError('“mint” is no address.', { cause });
  }
  return { cluster, genesis, rpc, ws, mint, name: text('name'), symbol: text('symbol') };
}

/**
 * Fetches `config.json` from beside the page.
 * @throws {SiteError} where it cannot be fetched or used.
 */
export async function fetchSite(signal?: AbortSignal): Promise<Site> {
  let json: unknown;
  try {
    const answer = await fetch('./config.json', { cache: 'no-cache', signal: signal ?? null });
    if (!answer.ok) throw new SiteError(`The server answered ${answer.status}.`);
    json = await answer.json();
  } catch (cause) {
    if (cause instanceof SiteError) throw cause;
    throw new SiteError('It could not be fetched.', { cause });
  }
  return readSite(json);
}
