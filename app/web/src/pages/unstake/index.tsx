import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function UnstakePage() {
  return (
    <Page title="Unstake">
      <Skeleton height="20rem" />
    </Page>
  );
}
