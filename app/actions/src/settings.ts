import { type Address, isAddress } from '@solana/kit';

/** How the server is set up. */
export interface Settings {
  /** URL of the RPC server. */
  readonly rpc: string;
  /** Share mint of the pool. */
  readonly mint: Address;
  /** Address to listen on. */
  readonly host: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** What the pool is called. */
  readonly name: string;
  /** What its shares are called. */
  readonly symbol: string;
  /** Origin that the world reaches the server by; `null`: as the request says. */
  readonly publicUrl: string | null;
}

/** What `--help` prints. */
export const HELP = `Serves a Solana Action: staking SOL in a pool of Thaw from any wallet or page that knows Actions.

Usage: node server.js [--help]

Environment:
  MINT        share mint of the pool; must be set
  RPC         URL of the RPC server [default: http://127.0.0.1:8899]
  HOST        address to listen on [default: 127.0.0.1]
  PORT        port to listen on [default: 8787]
  NAME        what the pool is called [default: Thaw]
  SYMBOL      what its shares are called [default: shares]
  PUBLIC_URL  origin that the world reaches this server by, such as https://stake.example
              [default: what the request's Host header says, by http]

Paths: /actions.json, /api/stake (GET, POST), /icon.svg, /healthz
`;

/**
 * Reads the settings from the environment.
 *
 * @throws `Error` with all that is wrong, a line for each.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const faults: string[] = [];
  const read = (name: string, fallback: string): string => environment[name]?.trim() || fallback;
  const rpc = read('RPC', 'http://127.0.0.1:8899');
  if (!isWebUrl(rpc)) faults.push('RPC is not an http or https URL');
  const mint = read('MINT', '');
  if (!isAddress(mint)) faults.push('MINT is not the address of a share mint');
  const port = Number(read('PORT', '8787'));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('PORT is not a port');
  const publicUrl = read('PUBLIC_URL', '');
  if (publicUrl !== '' && !isWebUrl(publicUrl)) {
    faults.push('PUBLIC_URL is not an http or https URL');
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return {
    rpc,
    mint: mint as Address,
    host: read('HOST', '127.0.0.1'),
    port,
    name: read('NAME', 'Thaw'),
    symbol: read('SYMBOL', 'shares'),
    publicUrl: publicUrl === '' ? null : new URL(publicUrl).origin,
  };
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
