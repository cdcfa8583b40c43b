import { Card, Empty, LinkButton, Page } from '../../ui/index.js';
import { SubmitButton, useWallet } from '../../wallet/index.js';
import { Holding } from './Holding.js';
import { History } from './History.js';
import { Elsewhere } from './Elsewhere.js';
import styles from './portfolio.module.css';

/** What the connected wallet has in the pool. */
export default function PortfolioPage() {
  const { status } = useWallet();
  return (
    <Page title="Portfolio" lead="What you hold, what it is worth now, and how it got there.">
      {status === 'connected' ? (
        <div className={styles.stack}>
          <Holding />
          <Elsewhere />
          <History />
        </div>
      ) : (
        <Card>
          <Empty
            title="Connect a wallet to see what it holds"
            actions={<SubmitButton>Show</SubmitButton>}
          >
            <p>
              Or look around first:{' '}
              <LinkButton to="/pool" kind="quiet" size="small">
                the pool
              </LinkButton>
            </p>
          </Empty>
        </Card>
      )}
    </Page>
  );
}
