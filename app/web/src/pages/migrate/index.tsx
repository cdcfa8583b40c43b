import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function MigratePage() {
  return (
    <Page title="Migrate">
      <Skeleton height="20rem" />
    </Page>
  );
}
