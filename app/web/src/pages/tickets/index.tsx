import { Page } from '../../ui/index.js';
import { SubmitButton, useWallet } from '../../wallet/index.js';
import { Card, Empty } from '../../ui/index.js';
import { TicketList } from './TicketList.js';

/** Withdrawals that were requested, until they are paid. */
export default function TicketsPage() {
  const { status } = useWallet();
  return (
    <Page
      title="Tickets"
      lead="A ticket is a withdrawal on its way. It goes on earning until it is paid, and nobody can close or delay it."
    >
      {status === 'connected' ? (
        <TicketList />
      ) : (
        <Card>
          <Empty
            title="Connect a wallet to see its tickets"
            actions={<SubmitButton>Show</SubmitButton>}
          />
        </Card>
      )}
    </Page>
  );
}
