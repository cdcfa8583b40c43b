import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function PoolPage() {
  return (
    <Page title="Pool">
      <Skeleton height="20rem" />
    </Page>
  );
}
