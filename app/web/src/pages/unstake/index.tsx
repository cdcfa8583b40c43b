import { Card, Page } from '../../ui/index.js';
import { UnstakeForm } from './UnstakeForm.js';

/** Shares in; SOL at once, a ticket, or a stake account out. */
export default function UnstakePage() {
  return (
    <Page
      title="Unstake"
      lead="Three ways out: at once for a fee, free with a ticket after this epoch, or as a stake account of your own."
    >
      <Card>
        <UnstakeForm />
      </Card>
    </Page>
  );
}
