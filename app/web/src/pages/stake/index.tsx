import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function StakePage() {
  return (
    <Page title="Stake">
      <Skeleton height="20rem" />
    </Page>
  );
}
