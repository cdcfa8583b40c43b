import type { ReadProgress } from '@thaw/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useChain } from '../../chain/index.js';
import { readPool } from './read.js';
import { verify, type Verification } from './verification.js';

/** Where a verification stands. */
export type VerificationState =
  | { readonly step: 'idle' }
  | { readonly step: 'reading'; readonly progress: ReadProgress }
  | { readonly step: 'done'; readonly result: Verification }
  | { readonly step: 'cancelled' }
  | { readonly step: 'failed'; readonly error: unknown };

/** A verification of the pool, with what starts and stops it. */
export interface VerificationWork {
  state: VerificationState;
  start: () => void;
  cancel: () => void;
}

/** Reads and compares on demand; one at a time, and none once the page is left. */
export function useVerification(): VerificationWork {
  const { rpc, addresses } = useChain();
  const [state, setState] = useState<VerificationState>({ step: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), [rpc]);

  const start = useCallback(() => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    const tell = (next: VerificationState) => {
      if (running.current === stop) setState(next);
    };
    tell({ step: 'reading', progress: { done: 0, all: 0, again: 0 } });
    const onProgress = (progress: ReadProgress) => tell({ step: 'reading', progress });
    readPool(rpc, addresses, onProgress, stop.signal).then(
      (reading) => tell({ step: 'done', result: verify(reading) }),
      (error: unknown) =>
        tell(stop.signal.aborted ? { step: 'cancelled' } : { step: 'failed', error }),
    );
  }, [rpc, addresses]);
  const cancel = useCallback(() => running.current?.abort(), []);
  return { state, start, cancel };
}
