import {
  leastOf,
  newNonce,
  newStakeSeed,
  requestWithdrawal,
  withdrawInstant,
  withdrawStake,
  type ValidatorView,
} from '@thaw/client';
import type { Order } from '../../chain/index.js';
import { formatExact } from '../../format/index.js';
import type { ExitKind } from './exits.js';

export interface Leave {
  kind: ExitKind;
  shares: bigint;
  symbol: string;
  /** What was quoted, lamports. */
  lamports: bigint;
  slippageBps: number;
  /** Who gives the stake, where stake is taken. */
  source: ValidatorView | undefined;
}

/** The order that leaves the pool in one of the three ways. */
export function leaveOrder({ kind, shares, symbol, lamports, slippageBps, source }: Leave): Order {
  const amount = `${formatExact(shares)} ${symbol}`;
  // What was shown counts, also when it is tried again later.
  const minOut = leastOf(lamports, slippageBps);
  switch (kind) {
    case 'instant':
      return {
        title: `Unstake ${amount} now`,
        done: 'The SOL is in your wallet.',
        build: async ({ state, signer }) => [
          [await withdrawInstant({ state, owner: signer, shares, minOut })],
        ],
      };
    case 'ticket':
      return {
        title: `Request a ticket for ${amount}`,
        done: 'You have a ticket. It goes on earning until it is paid; find it under Tickets.',
        build: async ({ state, signer }) => [
          [await requestWithdrawal({ state, owner: signer, shares, nonce: newNonce() })],
        ],
      };
    case 'stake':
      return {
        title: `Take ${amount} out as stake`,
        done: 'You have a stake account of your own, active and earning.',
        build: async ({ state, signer }) => {
          if (!source) return [];
          const seed = newStakeSeed();
          const leave = { state, owner: signer, validator: source, shares, minOut, seed };
          return [[await withdrawStake(leave)]];
        },
      };
  }
}
