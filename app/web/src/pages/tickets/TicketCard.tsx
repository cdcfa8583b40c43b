import { UNIT, worth, type EpochProgress, type TicketView } from '@thaw/client';
import { useState } from 'react';
import { attempt, useChain, usePoolNow } from '../../chain/index.js';
import { formatDuration } from '../../format/index.js';
import {
  Amount,
  Badge,
  Button,
  Card,
  CopyableAddress,
  DefinitionList,
  Progress,
} from '../../ui/index.js';
import { ticketState, ticketWorth, type TicketState } from './progress.js';
import { TransferDialog } from './TransferDialog.js';
import styles from './tickets.module.css';

export interface TicketCardProps {
  view: TicketView;
  epoch: EpochProgress;
  isBusy: boolean;
  onClaim: () => void;
}

const BADGES = {
  queued: { kind: 'info', text: 'Queued' },
  cooling: { kind: 'info', text: 'Cooling down' },
  partly: { kind: 'good', text: 'Claimable in part' },
  claimable: { kind: 'good', text: 'Claimable' },
} as const satisfies Record<TicketState, { kind: string; text: string }>;

/** One ticket: how much, how far, what to do. */
export function TicketCard({ view, epoch, isBusy, onClaim }: TicketCardProps) {
  const { site } = useChain();
  const at = usePoolNow();
  const [isGiving, setIsGiving] = useState(false);
  const { ticket, batch } = view;
  const state = ticketState(view, epoch.epoch);
  const badge = BADGES[state];
  const value =
    at &&
    attempt(() =>
      ticketWorth(view, (shares) => (shares === 0n ? 0n : worth(at.state, shares, at.now))),
    );
  return (
    <Card
      level={2}
      title={
        <>
          <Amount value={ticket.shares} unit={site.symbol} />{' '}
          <Badge kind={badge.kind}>{badge.text}</Badge>
        </>
      }
      aside={
        <span className={styles.actions}>
          <Button size="small" kind="quiet" disabled={isBusy} onClick={() => setIsGiving(true)}>
            Give away
          </Button>
          <Button
            size="small"
            kind={view.isClaimable ? 'primary' : 'secondary'}
            disabled={!view.isClaimable || isBusy}
            onClick={onClaim}
          >
            Claim
          </Button>
        </span>
      }
    >
      <div className={styles.ticket}>
        <DefinitionList
          label="Ticket"
          items={[
            {
              term: 'Claimable now',
              value: <Amount value={view.claimableLamports} unit="SOL" places={9} isFocusable />,
              isStrong: view.isClaimable,
            },
            {
              term: 'Worth in all',
              value:
                typeof value === 'bigint' ? (
                  <Amount value={value} unit="SOL" places={9} isFixed />
                ) : undefined,
              help: `What is claimable, and the ${site.symbol} that still waits at the rate now.`,
            },
            ...(ticket.lamportsClaimed > 0n
              ? [
                  {
                    term: 'Claimed before',
                    value: <Amount value={ticket.lamportsClaimed} unit="SOL" places={9} />,
                  },
                ]
              : []),
            {
              term: 'Batch',
              value: `${batch.serial}, of epoch ${batch.epoch}`,
              help: 'All tickets requested in one epoch make a batch. Batches are paid oldest first, and all tickets of one alike.',
            },
            {
              term: 'Address',
              value: <CopyableAddress address={view.address} label="ticket" />,
            },
          ]}
        />
        <Wait state={state} view={view} epoch={epoch} />
        {!ticket.isPushable && (
          <p className={styles.note}>Only you can claim this ticket: it forbids a push.</p>
        )}
      </div>
      <TransferDialog isOpen={isGiving} onClose={() => setIsGiving(false)} view={view} />
    </Card>
  );
}

/** How long it takes, in words and as a bar. */
function Wait({
  state,
  view,
  epoch,
}: {
  state: TicketState;
  view: TicketView;
  epoch: EpochProgress;
}) {
  const { batch } = view;
  const left = formatDuration(epoch.secondsLeft);
  if (state === 'queued') {
    return (
      <div className={styles.wait}>
        <p>
          Can be paid in {left} or a little later, when epoch {view.payableEpoch.toString()} begins.
        </p>
        <Progress
          label="Until the epoch ends"
          value={epoch.goneSlots}
          of={epoch.totalSlots}
          text={`${left} left`}
        />
      </div>
    );
  }
  if (state === 'claimable') {
    return (
      <p className={styles.wait}>
        All of it is there. Claiming closes the ticket and returns its rent.
      </p>
    );
  }
  const part = (batch.sharesSettled * 100n) / (batch.sharesRequested || UNIT);
  return (
    <div className={styles.wait}>
      <p>
        {part.toString()} % of its batch is paid. The rest follows as stake has cooled down: in{' '}
        {left}, if not before.
      </p>
      <Progress
        label="Part of the batch that is paid"
        value={batch.sharesSettled}
        of={batch.sharesRequested}
        text={`${part} %`}
      />
    </div>
  );
}
