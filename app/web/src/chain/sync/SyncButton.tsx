import { Button, RefreshIcon } from '../../ui/index.js';
import { useChain } from '../context.js';
import { usePoolState } from '../queries/usePoolState.js';
import { useTransaction } from '../transaction/context.js';
import { syncOrder } from './order.js';

/** Lets anyone close the books of the epoch; nothing while they are closed, or cannot be. */
export function SyncButton() {
  const chain = useChain();
  const { data } = usePoolState();
  const { run, isBusy } = useTransaction();
  if (!data || data.pool.epoch === data.clock.epoch || data.isRewardsWindow) return null;
  return (
    <Button
      size="small"
      icon={<RefreshIcon />}
      disabled={isBusy}
      onClick={() => void run(syncOrder(chain))}
    >
      Bring up to date
    </Button>
  );
}
