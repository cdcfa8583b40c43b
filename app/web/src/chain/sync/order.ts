import { fetchValidators, finalizeEpoch, syncValidators } from '@thaw/client';
import type { Chain } from '../context.js';
import { deadline } from '../deadline.js';
import type { Order, Stage } from '../transaction/order.js';

/** Accounts up to which a sync leaves room for the finalize in the same transaction. */
const ROOM_FOR_FINALIZE = 20;

/** Closes the books of the running epoch: books the validators, and folds the result into the rate. */
export function syncOrder(chain: Chain): Order {
  return {
    title: 'Bring the pool up to date',
    done: 'The pool’s books of this epoch are closed.',
    build: async ({ state }) => {
      if (state.pool.epoch === state.clock.epoch) return [];
      const options = { abortSignal: deadline(undefined, 60_000) };
      const validators = await fetchValidators(chain.rpc, state, options);
      const syncs = await syncValidators({ state, validators });
      const finalize = await finalizeEpoch({ state });
      const last = syncs.at(-1);
      const isRoom = last !== undefined && (last.accounts?.length ?? 0) <= ROOM_FOR_FINALIZE;
      const first = isRoom ? syncs.slice(0, -1) : syncs;
      // Finalizing needs every validator booked.
      const stages: Stage[] = [
        first.map((sync) => [sync]),
        [isRoom ? [last, ...finalize] : finalize],
      ];
      return stages.filter((stage) => stage.length > 0);
    },
  };
}
