import type { EpochProgress, PoolStatus } from '@thaw/client';
import { SyncButton } from '../chain/index.js';
import { formatCount, formatDuration, formatTime } from '../format/index.js';
import { LinkButton, Notice } from '../ui/index.js';

export interface PoolBannersProps {
  status: PoolStatus;
  epoch: EpochProgress;
  /** The chain's time, unix seconds. */
  now: bigint;
}

/** Part of an epoch after which open books are worth a word: before, the keepers are at it. */
const GRACE = 10n;

const PATHS = [
  { path: 'deposit', what: 'Staking SOL' },
  { path: 'instant', what: 'Instant unstaking' },
  { path: 'stake', what: 'Taking in and giving out stake accounts' },
  { path: 'rebalance', what: 'Moving stake between validators' },
] as const;

/** What is closed in the pool, why, until when, and what still works. */
export function PoolBanners({ status, epoch, now }: PoolBannersProps) {
  const closed = PATHS.filter(({ path }) => status.paused[path].isPaused);
  const isLate = epoch.goneSlots * GRACE > epoch.totalSlots;
  return (
    <>
      {status.isWindingDown && (
        <Notice
          kind="warn"
          title="This pool is being wound down"
          actions={
            <LinkButton to="/unstake" size="small">
              Unstake
            </LinkButton>
          }
        >
          It takes no deposits any more. All stake comes home, and every share can be unstaked by a
          ticket, for ever.
        </Notice>
      )}
      {status.windDownAtUnix !== null && !status.isWindingDown && (
        <Notice kind="warn" title="A wind-down is scheduled">
          From {formatTime(status.windDownAtUnix)} on this pool may be closed for deposits for ever.
          You can leave before, and after.
        </Notice>
      )}
      {status.isStale && !status.isWindingDown && (
        <Notice kind="warn" title="The pool’s books are out of date" actions={<SyncButton />}>
          Nobody closed them for {formatCount(status.missedEpochs)} epochs, so staking and instant
          unstaking are closed. Tickets work as always. Anyone may bring the books up to date.
        </Notice>
      )}
      {!status.isFinalized && !status.isStale && !status.isRewardsWindow && isLate && (
        <Notice
          kind="info"
          title="This epoch’s rewards are not counted yet"
          actions={<SyncButton />}
        >
          Keepers do this early in each epoch and are late. Stake accounts wait for it; everything
          else works. Anyone may do it.
        </Notice>
      )}
      {status.isBroken && (
        <Notice kind="warn" title="Deposits wait after a large loss">
          The pool lost more than it should in one epoch, so it takes no deposits for{' '}
          {formatDuration((status.brokenUntilUnix ?? now) - now)}. The loss is in the rate already.
          Exits work.
        </Notice>
      )}
      {closed.length > 0 && !status.isBroken && (
        <Notice kind="warn" title="The guardian paused a part of the pool">
          <ul>
            {closed.map(({ path, what }) => (
              <li key={path}>
                {what}: opens in {formatDuration((status.paused[path].untilUnix ?? now) - now)} at
                the latest
              </li>
            ))}
          </ul>
          Requesting a withdrawal and claiming it always work.
        </Notice>
      )}
    </>
  );
}
