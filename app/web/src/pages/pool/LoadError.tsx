import { FetchError } from '@thaw/client';
import { failureOf, isUnreachable } from '../../chain/index.js';
import { Button, Notice, RefreshIcon } from '../../ui/index.js';
import { ProgramError } from './program.js';

export interface LoadErrorProps {
  /** What could not be read: `the pool`. */
  what: string;
  error: unknown;
  onRetry: () => void;
  isRetrying?: boolean;
}

/** Says that something could not be read, why, and offers to try again. */
export function LoadError({ what, error, onRetry, isRetrying = false }: LoadErrorProps) {
  return (
    <Notice
      kind="error"
      title={`Could not read ${what}`}
      actions={
        <Button size="small" icon={<RefreshIcon />} isBusy={isRetrying} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {wordsOf(error)}
    </Notice>
  );
}

/** What an error says: its own words where they are meant to be read. */
function wordsOf(error: unknown): string {
  if (error instanceof FetchError || error instanceof ProgramError) {
    return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  }
  if (isUnreachable(error)) {
    return 'The RPC server does not answer. Try again, or set another one in the settings.';
  }
  const { title, detail } = failureOf(error);
  return detail === null ? title : `${title} ${detail}`;
}
