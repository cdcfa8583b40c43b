import type { Signature } from '@solana/kit';
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
import { LIVE } from '../queries/keys.js';
import { poolQuery } from '../queries/usePoolState.js';
import { TransactionContext, type Transactions } from './context.js';
import { execute, watch } from './execute.js';
import { canRetry, IDLE, isBusy, reduce } from './machine.js';
import type { Order } from './order.js';
import { keepPending, readPending } from './pending.js';
import { portsOf } from './ports.js';
import { TransactionDialog } from './TransactionDialog.js';

/** Carries orders out for all pages, so that leaving a page leaves no transaction alone. */
export function TransactionProvider({ children }: { children: ReactNode }) {
  const chain = useChain();
  const queries = useQueryClient();
  const { address, signer, choose } = useWallet();
  // What was under way when the page was left, as it was then.
  const [pending] = useState(readPending);
  const [{ state }, dispatch] = useReducer(reduce, IDLE, (idle) =>
    pending ? reduce(idle, { type: 'resumed', signatures: pending.sent.map(signatureOf) }) : idle,
  );
  const [order, setOrder] = useState<Order | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  // A server that is set meanwhile takes over what is under way.
  const newest = useRef(chain);
  useEffect(() => {
    newest.current = chain;
  }, [chain]);
  const patience = useRef(new AbortController());
  // Two presses before the first is drawn must not be two transactions.
  const isRunning = useRef(pending !== null);

  const ended = useCallback(() => {
    isRunning.current = false;
    for (const subject of LIVE) void queries.invalidateQueries({ queryKey: [subject] });
  }, [queries]);

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
          keep: keepPending,
          cancelled: patience.current.signal,
        });
      } finally {
        ended();
      }
    },
    [address, signer, choose, chain, queries, ended],
  );

  const isResumed = useRef(false);
  useEffect(() => {
    if (!pending || isResumed.current) return;
    isResumed.current = true;
    const sent = pending.sent.map((one) => ({ ...one, wire: null }));
    const ports = portsOf(() => newest.current);
    void watch({ task: pending.task, sent, ports, dispatch, keep: keepPending }).finally(ended);
  }, [pending, ended]);

  const transactions = useMemo<Transactions>(
    () => ({
      state,
      task: order ?? pending?.task ?? null,
      isBusy: isBusy(state),
      run,
      cancel: () => patience.current.abort(),
      retry: order && owner === address && canRetry(state) ? () => run(order) : null,
      reset: () => dispatch({ type: 'reset' }),
    }),
    [state, order, pending, owner, address, run],
  );
  return (
    <TransactionContext value={transactions}>
      {children}
      <TransactionDialog />
    </TransactionContext>
  );
}

const signatureOf = ({ signature }: { signature: Signature }): Signature => signature;
