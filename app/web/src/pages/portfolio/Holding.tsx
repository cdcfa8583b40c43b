import { worth } from '@thaw/client';
import {
  attempt,
  failureOf,
  useBalances,
  useChain,
  usePoolNow,
  useTickets,
} from '../../chain/index.js';
import { Amount, Card, LinkButton, Notice, Stat, StatRow } from '../../ui/index.js';
import { ticketWorth } from '../tickets/progress.js';
import styles from './portfolio.module.css';

/** Balance and value now; the value rises every second while gain is released. */
export function Holding() {
  const { site } = useChain();
  const at = usePoolNow();
  const { data: balances, error } = useBalances();
  const { data: tickets } = useTickets();
  const worthOf = (shares: bigint) =>
    shares === 0n || !at ? 0n : (numberOf(attempt(() => worth(at.state, shares, at.now))) ?? 0n);
  const value = at && balances ? worthOf(balances.shares) : undefined;
  const waiting =
    at && tickets && tickets.reduce((sum, view) => sum + ticketWorth(view, worthOf), 0n);
  const sol = (lamports: bigint | undefined) =>
    lamports === undefined ? undefined : (
      <Amount value={lamports} unit="SOL" places={9} isFixed isFocusable />
    );
  return (
    <Card title="Now">
      {error && !balances && (
        <Notice kind="error" title="Your balance cannot be read">
          {failureOf(error).title}
        </Notice>
      )}
      <StatRow>
        <Stat
          label={`Your ${site.symbol}`}
          value={balances && <Amount value={balances.shares} isFocusable />}
          note={site.name}
        />
        <Stat
          label="Worth now"
          value={sol(value)}
          note="at the exit rate, before an instant exit’s fee"
          help="What a ticket would pay if it were settled this second."
        />
        <Stat
          label="In tickets"
          value={sol(waiting)}
          note={tickets && (tickets.length === 1 ? '1 ticket' : `${tickets.length} tickets`)}
        />
        <Stat
          label="SOL in your wallet"
          value={balances && <Amount value={balances.lamports} unit="SOL" isFocusable />}
          note="not staked"
        />
      </StatRow>
      <div className={styles.actions}>
        <LinkButton to="/stake" kind="primary">
          Stake more
        </LinkButton>
        <LinkButton to="/unstake">Unstake</LinkButton>
        <LinkButton to="/tickets">See tickets</LinkButton>
      </div>
    </Card>
  );
}

function numberOf(value: unknown): bigint | null {
  return typeof value === 'bigint' ? value : null;
}
