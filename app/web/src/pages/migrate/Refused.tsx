import { isRefusal, MigrationError, type SplPool } from '@thaw/client';
import { failureOf } from '../../chain/index.js';
import { formatAmount, shortAddress } from '../../format/index.js';
import { Button, Notice } from '../../ui/index.js';
import { LoadError } from '../pool/LoadError.js';
import { tokensFor } from './terms.js';

export interface RefusedProps {
  error: Error;
  pool: SplPool;
  /** The least stake that moves, lamports. */
  least: bigint;
  onRetry: () => void;
  /** Takes another amount of tokens, base units. */
  onAmount: (tokens: bigint) => void;
}

/** Validators that are explained. */
const TOLD = 5;

/** Why a migration cannot be done now, and what can. */
export function Refused({ error, pool, least, onRetry, onAmount }: RefusedProps) {
  if (isRefusal(error)) {
    const { title, detail } = failureOf(error);
    return (
      <Notice kind="warn" title={title} isLive>
        {detail}
      </Notice>
    );
  }
  if (!(error instanceof MigrationError)) {
    return <LoadError what="a quote" error={error} onRetry={onRetry} />;
  }
  const { misfits, mostLamports } = error;
  const most = tokensFor(pool, mostLamports);
  if (misfits.length === 0) {
    return (
      <Notice kind="warn" title="The pools have no validator in common">
        The stake must stay with its validator, so it can only move between pools that both use it.
        Swap the tokens instead.
      </Notice>
    );
  }
  return (
    <Notice
      kind="warn"
      title="No validator of both pools fits so much"
      isLive
      actions={
        mostLamports >= least && (
          <Button size="small" onClick={() => onAmount(most)}>
            Take {formatAmount(most)} tokens, which fit now
          </Button>
        )
      }
    >
      <ul>
        {misfits.slice(0, TOLD).map(({ vote, reason }) => (
          <li key={vote}>
            <code>{shortAddress(vote)}</code>: {reason}
          </li>
        ))}
        {misfits.length > TOLD && <li>and {misfits.length - TOLD} more</li>}
      </ul>
      {mostLamports < least &&
        `None of them moves ${formatAmount(least)} SOL at the moment. Come again later.`}
    </Notice>
  );
}
