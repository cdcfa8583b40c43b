import type { Cluster } from '../site.js';

/**
 * How often the chain is asked, milliseconds, beside what the WebSocket tells. A local network lives
 * a day in seconds.
 */
export function pollEvery(cluster: Cluster, slow = 15_000): number {
  return cluster === 'localnet' ? 2_000 : slow;
}
