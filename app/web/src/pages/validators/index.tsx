import { Page, Skeleton } from '../../ui/index.js';

/** Stands in until the page is written. */
export default function ValidatorsPage() {
  return (
    <Page title="Validators">
      <Skeleton height="20rem" />
    </Page>
  );
}
