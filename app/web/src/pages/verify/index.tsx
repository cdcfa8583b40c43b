import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function VerifyPage() {
  return (
    <Page title="Verify">
      <Skeleton height="20rem" />
    </Page>
  );
}
