import { isAddress } from '@solana/kit';
import { SplPoolError } from '@thaw/client';
import { useState } from 'react';
import { Card, Notice, Page, Skeleton } from '../../ui/index.js';
import { LoadError } from '../pool/LoadError.js';
import { MigrateForm } from './MigrateForm.js';
import { useSplPool } from './queries.js';
import { Source } from './Source.js';

/** Tokens of another stake pool in, shares out, without leaving stake for a moment. */
export default function MigratePage() {
  const [text, setText] = useState('');
  const pool = useSplPool(text);
  return (
    <Page
      title="Migrate"
      lead="Move from another stake pool to this one in a single transaction: it gives its stake, this pool takes it, and it earns all the while. All of it happens, or nothing."
      isNarrow
    >
      <Card>
        <Source value={text} onValueChange={setText} />
      </Card>
      {pool.data ? (
        <MigrateForm key={pool.data.address} pool={pool.data} />
      ) : pool.isError ? (
        <PoolError error={pool.error} onRetry={() => void pool.refetch()} />
      ) : (
        isAddress(text) && (
          <Card>
            <span className="visually-hidden" role="status">
              Reading the stake pool
            </span>
            <Skeleton height="22rem" />
          </Card>
        )
      )}
    </Page>
  );
}

interface PoolErrorProps {
  error: Error;
  onRetry: () => void;
}

function PoolError({ error, onRetry }: PoolErrorProps) {
  if (!(error instanceof SplPoolError)) {
    return <LoadError what="the stake pool" error={error} onRetry={onRetry} />;
  }
  const WORDS = {
    noPool: 'This is neither a stake pool nor the token of one.',
    unknownProgram:
      'This belongs to another program. Only pools of the SPL stake pool program and of Sanctum’s two copies of it can be left here: your wallet signs for what the program does.',
    unreadable: 'This account cannot be read as a stake pool’s.',
  } as const;
  return (
    <Notice kind="warn" title="No stake pool was found" isLive>
      {WORDS[error.fault]}
    </Notice>
  );
}
