import { useQueryClient } from '@tanstack/react-query';
import {
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { useWallet } from '../../wallet/index.js';
import { useChain } from '../context.js';
import { KEYS } from '../queries/keys.js';
import { poolQuery } from '../queries/usePoolState.js';
import { TransactionContext, type Transactions } from './context.js';
import { execute } from './execute.js';
import { IDLE, isBusy, reduce } from './machine.js';
import type { Order } from './order.js';
import { portsOf } from './ports.js';
import { TransactionDialog } from './TransactionDialog.js';

/** Carries orders out for all pages, so that leaving a page leaves no transaction alone. */
export function TransactionProvider({ children }: { children: ReactNode }) {
  const chain = useChain();
  const queries = useQueryClient();
  const { address, signer, choose } = useWallet();
  const [{ state }, dispatch] = useReducer(reduce, IDLE);
  const [order, setOrder] = useState<Order | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  // A server that is set meanwhile takes over what is under way.
  const newest = useRef(chain);
  useEffect(() => {
    newest.current = chain;
  }, [chain]);
  const patience = useRef(new AbortController());
  // Two presses before the first is drawn must not be two transactions.
  const isRunning = useRef(false);

  const run = useCallback(
    async (next: Order): Promise<boolean> => {
      if (!address || !signer) {
        choose();
        return false;
      }
      if (isRunning.current) return false;
      isRunning.current = true;
      setOrder(next);
      setOwner(address);
      patience.current = new AbortController();
      try {
        return await execute({
          order: next,
          owner: address,
          wallet: signer,
          ports: portsOf(() => newest.current),
          readPool: () => queries.fetchQuery({ ...poolQuery(chain), staleTime: 0 }),
          dispatch,
          cancelled: patience.current.signal,
        });
      } finally {
        isRunning.current = false;
        for (const subject of Object.values(KEYS)) {
          void queries.invalidateQueries({ queryKey: [subject] });
        }
      }
    },
    [address, signer, choose, chain, queries],
  );

  const transactions = useMemo<Transactions>(
    () => ({
      state,
      order,
      isBusy: isBusy(state),
      run,
      isOwn: owner === address,
      cancel: () => patience.current.abort(),
      retry: () => (order && owner === address ? run(order) : Promise.resolve(false)),
      reset: () => dispatch({ type: 'reset' }),
    }),
    [state, order, owner, address, run],
  );
  return (
    <TransactionContext value={transactions}>
      {children}
      <TransactionDialog />
    </TransactionContext>
  );
}
