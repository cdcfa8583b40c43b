import { useLocation, useParams } from 'wouter';
import { Card, Page, Tabs } from '../../ui/index.js';
import { DepositSol } from './DepositSol.js';
import { DepositStake } from './DepositStake.js';
import { Offer } from './Offer.js';
import styles from './stake.module.css';

/** SOL or stake accounts in, shares out. */
export default function StakePage() {
  const { tab } = useParams<{ tab?: string }>();
  const [, navigate] = useLocation();
  return (
    <Page
      title="Stake"
      lead="Put SOL in and get a token that earns by itself. Its price in SOL rises every epoch, and you can leave whenever you like."
    >
      <div className={styles.columns}>
        <Card className={styles.form}>
          <Tabs
            label="What to stake"
            value={tab === 'accounts' ? 'accounts' : 'sol'}
            onValueChange={(value) => navigate(value === 'accounts' ? '/stake/accounts' : '/stake')}
            tabs={[
              { value: 'sol', label: 'SOL', content: <DepositSol /> },
              { value: 'accounts', label: 'Stake accounts', content: <DepositStake /> },
            ]}
          />
        </Card>
        <Offer />
      </div>
    </Page>
  );
}
