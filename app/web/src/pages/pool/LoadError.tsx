import { failureOf } from '../../chain/index.js';
import { Button, Notice, RefreshIcon } from '../../ui/index.js';

export interface LoadErrorProps {
  /** What could not be read: `the pool`. */
  what: string;
  error: unknown;
  onRetry: () => void;
  isRetrying?: boolean;
}

/** Says that something could not be read, why, and offers to try again. */
export function LoadError({ what, error, onRetry, isRetrying = false }: LoadErrorProps) {
  const { title, detail } = failureOf(error);
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
      {title} {detail}
    </Notice>
  );
}
