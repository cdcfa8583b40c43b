import { isAddress } from '@solana/kit';
import { transferTicket, type TicketView } from '@thaw/client';
import { useState } from 'react';
import { useChain, useTransaction } from '../../chain/index.js';
import { shortAddress } from '../../format/index.js';
import { Button, Dialog, Field, Notice } from '../../ui/index.js';
import { mustBeWallet } from './recipient.js';
import styles from './tickets.module.css';

export interface TransferDialogProps {
  isOpen: boolean;
  onClose: () => void;
  view: TicketView;
}

/** Gives a ticket to another wallet. */
export function TransferDialog({ isOpen, onClose, view }: TransferDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Give this ticket away">
      <TransferForm view={view} onDone={onClose} />
    </Dialog>
  );
}

function TransferForm({ view, onDone }: { view: TicketView; onDone: () => void }) {
  const { run, isBusy } = useTransaction();
  const { rpc } = useChain();
  const [to, setTo] = useState('');
  const isOwner = to === view.ticket.owner;
  const error =
    to === '' || (isAddress(to) && !isOwner)
      ? undefined
      : isOwner
        ? 'It is yours already.'
        : 'That is no address.';
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isAddress(to) || isOwner) return;
        onDone();
        void run({
          title: `Give a ticket to ${to}`,
          done: `The ticket is ${shortAddress(to)}’s now.`,
          build: async ({ signer }) => {
            await mustBeWallet(rpc, to);
            const { isPushable } = view.ticket;
            const transfer = { owner: signer, ticket: view.address, newOwner: to, isPushable };
            return [[await transferTicket(transfer)]];
          },
        });
      }}
    >
      <Notice kind="warn">
        Whoever owns a ticket gets its SOL. This cannot be undone; the rent you lent still comes
        back to you.
      </Notice>
      <Field
        label="New owner"
        value={to}
        onValueChange={(text) => setTo(text.trim())}
        error={error}
        placeholder="Address of a wallet"
      />
      <Button
        type="submit"
        kind="primary"
        isWide
        disabled={to === '' || error !== undefined || isBusy}
      >
        Give away
      </Button>
    </form>
  );
}
