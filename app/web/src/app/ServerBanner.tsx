import { useState } from 'react';
import { isUnreachable, usePoolState, useWallClock } from '../chain/index.js';
import { formatDuration } from '../format/index.js';
import { Button, Notice, RefreshIcon } from '../ui/index.js';
import { SettingsDialog } from './SettingsDialog.js';

/** The RPC server is away: what is shown is old, and how old. Goes by itself when it is back. */
export function ServerBanner() {
  const { data, error, dataUpdatedAt, isFetching, refetch } = usePoolState();
  const [isSetting, setIsSetting] = useState(false);
  const now = useWallClock();
  if (!error) return null;
  const isAway = isUnreachable(error);
  const title = isAway ? 'The RPC server does not answer' : 'The pool cannot be read';
  const age = formatDuration((now - dataUpdatedAt) / 1_000);
  return (
    <>
      <Notice
        kind={data ? 'warn' : 'error'}
        isLive
        title={title}
        actions={
          <>
            <Button
              size="small"
              icon={<RefreshIcon />}
              isBusy={isFetching}
              onClick={() => void refetch()}
            >
              Try again
            </Button>
            <Button size="small" kind="quiet" onClick={() => setIsSetting(true)}>
              Use another server
            </Button>
          </>
        }
      >
        {data ? <span aria-live="off">Shown is what it said {age} ago. </span> : null}
        {isAway ? 'The page keeps trying and recovers by itself.' : error.message}
      </Notice>
      <SettingsDialog isOpen={isSetting} onClose={() => setIsSetting(false)} />
    </>
  );
}
