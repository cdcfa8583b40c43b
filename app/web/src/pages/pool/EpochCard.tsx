import { epochProgress, type PoolState } from '@thaw/client';
import { formatAbout, formatBps, formatTime, isoTime } from '../../format/index.js';
import { Badge, Card, DefinitionList, LinkButton, Progress, Skeleton } from '../../ui/index.js';
import styles from './EpochCard.module.css';

export interface EpochCardProps {
  state: PoolState | undefined;
}

/** How far the epoch is, and how fresh the books are. */
export function EpochCard({ state }: EpochCardProps) {
  const progress = state && epochProgress(state);
  const text = progress && `Epoch ${progress.epoch}, ends in ${formatAbout(progress.secondsLeft)}`;
  return (
    <Card title="Epoch and books">
      <div className={styles.bar}>
        <p>{text ?? <Skeleton width="16rem" />}</p>
        <Progress
          label="Epoch"
          value={progress?.goneSlots ?? 0n}
          of={progress?.totalSlots ?? 1n}
          {...(text === undefined ? {} : { text })}
        />
      </div>
      <DefinitionList
        items={[
          { term: 'Last finalize', value: state && <Finalized state={state} /> },
          {
            term: 'Validators booked',
            value: state && bookedText(state),
            help: 'Once per epoch every stake account is compared with its record. When all are, anyone can finalize the epoch.',
          },
          {
            term: 'Stake moves',
            value: state && `in the last ${formatBps(state.pool.config.moveWindowBps)} of an epoch`,
            help: 'Deposits and withdrawals of the epoch net out first; only the rest is moved.',
          },
        ]}
      />
      <div className={styles.verify}>
        <LinkButton to="/verify">Check the books against the chain</LinkButton>
      </div>
    </Card>
  );
}

function Finalized({ state: { pool, clock } }: { readonly state: PoolState }) {
  const missed = clock.epoch > pool.epoch ? clock.epoch - pool.epoch : 0n;
  return (
    <>
      <time dateTime={isoTime(pool.finalizedAt)}>{formatTime(pool.finalizedAt)}</time>{' '}
      {missed === 0n ? (
        <Badge kind="good">this epoch</Badge>
      ) : (
        <Badge kind={missed > 1n ? 'warn' : 'plain'}>
          {missed === 1n ? 'last epoch' : `${missed} epochs ago`}
        </Badge>
      )}
    </>
  );
}

/** How many of the validators that hold stake are booked in the running epoch. */
function bookedText({ pool, clock }: PoolState): string {
  const booked = pool.counters.epoch === clock.epoch ? pool.syncedValidators : 0;
  return `${booked} of ${pool.holdingValidators}`;
}
