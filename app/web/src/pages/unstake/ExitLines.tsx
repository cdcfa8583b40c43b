import { leastOf, STAKE_ACCOUNT_BYTES, UNIT, worth } from '@thaw/client';
import type { ReactNode } from 'react';
import { attempt, useChain, useEpoch, useSettings, type PoolNow } from '../../chain/index.js';
import { formatBps, formatDuration } from '../../format/index.js';
import { Amount, DefinitionList, type Definition } from '../../ui/index.js';
import { ticketRent, type Exit, type ExitKind } from './exits.js';
import styles from './unstake.module.css';

export interface ExitLinesProps {
  kind: ExitKind;
  /** `undefined` while the pool is read. */
  exit: Exit | undefined;
  /** The quote is for one share, because nothing is typed. */
  isExample: boolean;
  at: PoolNow | undefined;
}

/** The terms of the chosen way out, line by line. */
export function ExitLines({ kind, exit, isExample, at }: ExitLinesProps) {
  const { site } = useChain();
  const [{ slippageBps }] = useSettings();
  const epoch = useEpoch();
  const sol = (value: bigint, places = 9) => <Amount value={value} unit="SOL" places={places} />;
  const of = (value: (open: Extract<Exit, { isOpen: true }>) => ReactNode) =>
    exit && (exit.isOpen ? value(exit) : '–');
  const one = at && attempt(() => worth(at.state, UNIT, at.now));
  const lines: Definition[] = [
    {
      term: `${kind === 'ticket' ? 'Worth now' : 'You receive'}${isExample ? ` for 1 ${site.symbol}` : ''}`,
      isStrong: true,
      value: of(({ lamports }) => (
        <Amount value={lamports} unit={kind === 'stake' ? 'SOL of stake' : 'SOL'} isFocusable />
      )),
    },
  ];
  if (kind !== 'ticket') {
    lines.push({
      term: 'At least',
      help: `If the price moves by more than ${formatBps(slippageBps)} before your transaction lands, it fails and costs only the network fee. Change this in the settings.`,
      value: of(({ lamports }) => sol(leastOf(lamports, slippageBps))),
    });
  }
  lines.push(
    {
      term: 'Rate',
      value:
        one &&
        (typeof one === 'bigint' ? (
          <>
            1 {site.symbol} = <Amount value={one} unit="SOL" places={6} isFixed />
          </>
        ) : (
          '–'
        )),
    },
    {
      term: 'Fee',
      value: of(({ feeLamports }) => (feeLamports === 0n ? 'none' : sol(feeLamports))),
      help:
        kind === 'instant'
          ? 'Grows as the liquid reserve empties, and stays with the holders who remain. Parts of an exit cost together what the whole would.'
          : undefined,
    },
  );
  if (kind === 'ticket') {
    const rent = at && ticketRent(at.state);
    lines.push(
      {
        term: 'Paid from',
        value:
          epoch && `epoch ${epoch.epoch + 1n}, in ${formatDuration(epoch.secondsLeft)} or later`,
        help: 'Until it is paid a ticket shares the pool’s gains and losses. It cannot be taken back.',
      },
      {
        term: 'Lent for the ticket',
        value: rent && sol(rent.ticket + rent.batch, 6),
        help:
          rent && rent.batch > 0n
            ? 'Rent of the ticket and of this epoch’s batch, which you open. It comes back to you when they are closed, after they are paid.'
            : 'Rent of the ticket. It comes back to you when it is paid.',
      },
    );
  }
  if (kind === 'stake') {
    lines.push({
      term: 'Rent of the stake account',
      value: at && sol(at.state.rent.minimumBalance(STAKE_ACCOUNT_BYTES), 6),
      help: 'Yours: it stays in your stake account until you close it.',
    });
  }
  return (
    <div className={styles.lines}>
      <DefinitionList label="Terms" items={lines} />
    </div>
  );
}
