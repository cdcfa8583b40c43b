import { claimWithdrawals, fetchTickets, type TicketView } from '@thaw/client';
import {
  deadline,
  failureOf,
  useChain,
  useEpoch,
  useTickets,
  useTransaction,
} from '../../chain/index.js';
import { formatAmount } from '../../format/index.js';
import { Amount, Button, Card, Empty, LinkButton, Notice, Skeleton } from '../../ui/index.js';
import { claimableOf } from './progress.js';
import { TicketCard } from './TicketCard.js';
import styles from './tickets.module.css';

/** The wallet's tickets, oldest first. */
export function TicketList() {
  const { data: tickets, error } = useTickets();
  const epoch = useEpoch();
  const { rpc } = useChain();
  const { run, isBusy } = useTransaction();

  const claim = (chosen: readonly TicketView[]) => {
    const lamports = claimableOf(chosen);
    const many = chosen.length > 1 ? `${chosen.length} tickets` : 'a ticket';
    void run({
      title: `Claim ${formatAmount(lamports)} SOL from ${many}`,
      done: 'The SOL is in your wallet, with the rent you had lent.',
      // Read anew: some may have been paid or claimed meanwhile, also by an earlier part of this.
      build: async ({ state, owner, signer }) => {
        const options = { abortSignal: deadline(undefined, 60_000) };
        const now = await fetchTickets(rpc, state.addresses, owner, options);
        const wanted = new Set(chosen.map(({ address }) => address));
        const tickets = now.filter(
          ({ address, isClaimable }) => isClaimable && wanted.has(address),
        );
        return [await claimWithdrawals({ state, owner: signer, tickets })];
      },
    });
  };

  if (!tickets || !epoch) {
    return error ? (
      <Notice kind="error" title="Your tickets cannot be read">
        {failureOf(error).title} Some servers do not offer this; you can set another in the
        settings. Your tickets are safe on the chain.
      </Notice>
    ) : (
      <div className={styles.list} aria-busy="true">
        <span className="visually-hidden" role="status">
          Loading
        </span>
        <Skeleton height="3rem" />
        <Skeleton height="12rem" />
        <Skeleton height="12rem" />
      </div>
    );
  }
  if (tickets.length === 0) {
    return (
      <Card>
        <Empty
          title="You have no tickets"
          actions={<LinkButton to="/unstake">Unstake with a ticket</LinkButton>}
        >
          <p>A ticket is the free way out: request it in one epoch, take the SOL in the next.</p>
        </Empty>
      </Card>
    );
  }
  const claimable = tickets.filter((ticket) => ticket.isClaimable);
  return (
    <div className={styles.list}>
      <div className={styles.bar}>
        <p>
          <Amount value={claimableOf(tickets)} unit="SOL" places={9} /> can be claimed now, from{' '}
          {claimable.length} of {tickets.length} tickets.
        </p>
        <Button
          kind="primary"
          disabled={claimable.length === 0 || isBusy}
          onClick={() => claim(claimable)}
        >
          Claim all
        </Button>
      </div>
      <ul className={styles.tickets}>
        {tickets.map((ticket) => (
          <li key={ticket.address}>
            <TicketCard
              view={ticket}
              epoch={epoch}
              isBusy={isBusy}
              onClaim={() => claim([ticket])}
            />
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        You need not come back: keepers push what is paid to your wallet, if a ticket allows it, as
        all made here do. Claiming yourself is only faster.
      </p>
    </div>
  );
}
