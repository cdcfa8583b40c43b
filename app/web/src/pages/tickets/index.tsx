import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function TicketsPage() {
  return (
    <Page title="Tickets">
      <Skeleton height="20rem" />
    </Page>
  );
}
