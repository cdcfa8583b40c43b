import type { SplPool } from '@thaw/client';
import { usePoolState } from '../../chain/index.js';
import { formatCount, formatPpb } from '../../format/index.js';
import { Amount, CopyableAddress, DefinitionList, Notice } from '../../ui/index.js';
import { withdrawalFeePpb, worthOf } from './terms.js';

export interface OldPoolProps {
  pool: SplPool;
}

const ONE = 1_000_000_000n;

/** The stake pool that is left, as its own account says. */
export function OldPool({ pool }: OldPoolProps) {
  const { data: state } = usePoolState();
  const isStale = state !== undefined && pool.lastUpdateEpoch < state.clock.epoch;
  return (
    <>
      <DefinitionList
        label="The stake pool"
        items={[
          { term: 'Pool', value: <CopyableAddress address={pool.address} label="stake pool" /> },
          { term: 'Token', value: <CopyableAddress address={pool.mint} label="token" /> },
          {
            term: '1 token is worth',
            value: <Amount value={worthOf(pool, ONE)} unit="SOL" places={6} />,
          },
          { term: 'Its fee on withdrawals', value: formatPpb(withdrawalFeePpb(pool)) },
          { term: 'Its validators', value: formatCount(pool.validators.length) },
        ]}
      />
      {isStale && (
        <Notice kind="warn" title="The stake pool is not updated in this epoch">
          It pays nothing out before it is. Its own crank does that, usually within minutes of an
          epoch’s start. Come back a little later.
        </Notice>
      )}
    </>
  );
}
