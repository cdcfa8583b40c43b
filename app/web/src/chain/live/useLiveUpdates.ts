import { useQueryClient } from '@tanstack/react-query';
import { COMMITMENT, shareAccount, type PoolState } from '@thaw/client';
import { useEffect } from 'react';
import { useWallet } from '../../wallet/index.js';
import { useChain } from '../context.js';
import { KEYS, LIVE, type Subject } from '../queries/keys.js';
import { poolQuery } from '../queries/usePoolState.js';
import { noteSlot } from './slot.js';
import { keepWatching } from './watch.js';
import { epochEnd } from './epochEnd.js';

/** Changes that come together are read together, milliseconds. */
const GATHER = 400;

/**
 * Reads again what changed, as soon as the WebSocket tells: the pool, the wallet's SOL and shares,
 * and the turn of an epoch. Where there is none, polling does the same a little later.
 */
export function useLiveUpdates(): void {
  const chain = useChain();
  const queries = useQueryClient();
  const { address } = useWallet();
  const { subscriptions, addresses } = chain;

  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const waiting = new Map<Subject, ReturnType<typeof setTimeout>>();
    const arm = (subject: Subject) => {
      const timer = setTimeout(() => {
        // One that is under way may be from before the change, so it is waited for and not cut off:
        // a busy pool and a slow server would never let one end.
        if (queries.isFetching({ queryKey: [subject] }) > 0) return arm(subject);
        waiting.delete(subject);
        void queries.invalidateQueries({ queryKey: [subject] });
      }, GATHER);
      waiting.set(subject, timer);
    };
    const again = (...subjects: Subject[]) => {
      for (const subject of subjects) if (!waiting.has(subject)) arm(subject);
    };
    const { pool, validators, balances, tickets, stakeAccounts } = KEYS;
    const all = () => again(...LIVE);
    const watchAccount =
      (account: Parameters<typeof subscriptions.accountNotifications>[0]) =>
      (signal: AbortSignal) =>
        subscriptions
          .accountNotifications(account, { encoding: 'base64', commitment: COMMITMENT })
          .subscribe({ abortSignal: signal });

    void keepWatching({
      open: watchAccount(addresses.pool),
      onNotification: () => again(pool, tickets),
      onReopen: all,
      signal,
    });
    void keepWatching({
      open: (signal) => subscriptions.slotNotifications().subscribe({ abortSignal: signal }),
      onNotification: ({ slot }) => {
        noteSlot(slot);
        const state = queries.getQueryData<PoolState>(poolQuery(chain).queryKey);
        if (state && slot > epochEnd(state)) again(pool, validators, stakeAccounts);
      },
      onReopen: () => undefined,
      signal,
    });
    if (address) {
      const onOwn = { onNotification: () => again(balances, tickets, stakeAccounts), signal };
      void keepWatching({ ...onOwn, open: watchAccount(address), onReopen: all });
      void keepWatching({
        ...onOwn,
        open: async (signal) => watchAccount(await shareAccount(addresses, address))(signal),
        onReopen: () => undefined,
      });
    }
    return () => {
      stop.abort();
      noteSlot(null);
      for (const timer of waiting.values()) clearTimeout(timer);
    };
  }, [chain, subscriptions, addresses, queries, address]);
}
