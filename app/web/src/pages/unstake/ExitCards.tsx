import {
  instantLiquidity,
  MIN_DELEGATION,
  minDelegationOf,
  type WithdrawQuote,
} from '@thaw/client';
import type { ReactNode } from 'react';
import { attempt, useEpoch, type PoolNow } from '../../chain/index.js';
import { formatAbout, formatAmount, formatShare } from '../../format/index.js';
import { Amount, BoltIcon, ClockIcon, Progress, StackIcon } from '../../ui/index.js';
import { ExitCard } from './ExitCard.js';
import type { Exit, ExitKind, Exits } from './exits.js';
import styles from './unstake.module.css';

export interface ExitCardsProps {
  /** `undefined` while the pool is read. */
  exits: Exits | undefined;
  quote: WithdrawQuote | undefined;
  at: PoolNow | undefined;
  value: ExitKind;
  onValueChange: (kind: ExitKind) => void;
}

/** The three ways out side by side: what each pays, what it costs, when. */
export function ExitCards({ exits, quote, at, value, onValueChange }: ExitCardsProps) {
  const epoch = useEpoch();
  const liquidity = at && attempt(() => instantLiquidity(at.state, at.now));
  const least = at ? minDelegationOf(at.state.pool) : MIN_DELEGATION;
  const fee = (exit: Exit | undefined): ReactNode => {
    if (!exit?.isOpen || !quote) return undefined;
    const whole = exit.lamports + exit.feeLamports;
    return (
      <>
        Fee <Amount value={exit.feeLamports} unit="SOL" places={6} /> (
        {formatShare(exit.feeLamports, whole)})
      </>
    );
  };
  return (
    <fieldset className={styles.cards}>
      <legend className={styles.legend}>How to leave</legend>
      <ExitCard
        kind="instant"
        title="Instant"
        icon={<BoltIcon />}
        when="Now"
        exit={exits?.instant}
        isChosen={value === 'instant'}
        onChoose={onValueChange}
        lines={[
          fee(exits?.instant),
          typeof liquidity === 'bigint' ? (
            <>
              <Amount value={liquidity} unit="SOL" places={2} /> can leave at once now
            </>
          ) : undefined,
        ]}
      />
      <ExitCard
        kind="ticket"
        title="Ticket"
        icon={<ClockIcon />}
        when={epoch && `In ${formatAbout(epoch.secondsLeft)}`}
        exit={exits?.ticket}
        isChosen={value === 'ticket'}
        onChoose={onValueChange}
        lines={[
          'Free; goes on earning until it is paid',
          quote &&
            (quote.ticket.isCovered
              ? 'Paid soon after this epoch ends'
              : 'Stake cools down first: at the earliest after this epoch'),
        ]}
        footer={
          epoch && (
            <Progress
              label={`Epoch ${epoch.epoch}, until tickets are paid`}
              value={epoch.goneSlots}
              of={epoch.totalSlots}
            />
          )
        }
      />
      <ExitCard
        kind="stake"
        title="Stake account"
        icon={<StackIcon />}
        when="Now"
        exit={exits?.stake}
        isChosen={value === 'stake'}
        onChoose={onValueChange}
        lines={[
          fee(exits?.stake),
          `Active stake, yours to keep; at least ${formatAmount(least)} SOL`,
        ]}
      />
    </fieldset>
  );
}
