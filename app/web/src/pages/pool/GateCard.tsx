import { poolStatus, type PoolState } from '@thaw/client';
import { formatDuration, formatTime } from '../../format/index.js';
import { Badge, Card, Skeleton } from '../../ui/index.js';
import { gatesOf, type Gate } from './gateRules.js';
import styles from './GateCard.module.css';

export interface GateCardProps {
  state: PoolState | undefined;
  /** The chain's time, unix seconds. */
  now: bigint | undefined;
}

/** Ways in and out: which are open, which are paused and until when, and the circuit breaker. */
export function GateCard({ state, now }: GateCardProps) {
  const isReady = state !== undefined && now !== undefined;
  return (
    <Card title="Open and closed">
      <ul className={styles.gates}>
        {isReady
          ? gatesAt(state, now).map((gate) => <Line key={gate.id} gate={gate} now={now} />)
          : Array.from({ length: 5 }, (_, place) => (
              <li key={place}>
                <Skeleton />
              </li>
            ))}
      </ul>
      {isReady && (
        <ul className={styles.notes}>
          <li>{breakerText(state, now)}</li>
          <li>{guardianText(state, now)}</li>
          {state.pool.windDownAt > 0n && state.pool.status === 0 && (
            <li>
              <strong>A wind-down is scheduled:</strong> from {formatTime(state.pool.windDownAt)} on
              deposits can be closed for good, and everything is paid out through tickets.
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}

function gatesAt(state: PoolState, now: bigint): Gate[] {
  const { isStale } = poolStatus(state, now);
  const { isRewardsWindow, clock } = state;
  return gatesOf(state.pool, { now, epoch: clock.epoch, isStale, isRewardsWindow });
}

function Line({ gate, now }: { readonly gate: Gate; readonly now: bigint }) {
  const isOpen = gate.reasons.length === 0;
  return (
    <li>
      <span className={styles.name}>{gate.name}</span>
      <Badge kind={isOpen ? 'good' : 'warn'}>{isOpen ? 'open' : 'closed'}</Badge>
      <span className={styles.reason}>
        {gate.reasons.map(({ text, until }) => (
          <span key={text}>
            {text}
            {until !== null && (
              <>
                {' '}
                until {formatTime(until)}, for {formatDuration(until - now)}
              </>
            )}
            .{' '}
          </span>
        ))}
        {gate.note}
      </span>
    </li>
  );
}

function breakerText({ pool }: PoolState, now: bigint): string {
  const loss = `more than ${pool.config.circuitLossBps / 100}% of the pool`;
  return now < pool.circuitUntil
    ? `The circuit breaker holds until ${formatTime(pool.circuitUntil)}: an epoch lost ${loss}.`
    : `The circuit breaker is ready: an epoch that loses ${loss} closes deposits for 24 hours.`;
}

function guardianText({ pool }: PoolState, now: bigint): string {
  return now < pool.guardianReadyAt
    ? `The guardian cannot pause anything again before ${formatTime(pool.guardianReadyAt)}.`
    : 'The guardian may pause ways for 72 hours at most, then not again for 24 hours.';
}
