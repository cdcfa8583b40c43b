import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function PortfolioPage() {
  return (
    <Page title="Portfolio">
      <Skeleton height="20rem" />
    </Page>
  );
}
