import { stakeEligibility } from '@thaw/client';
import { usePoolState, useStakeAccounts, useValidators } from '../../chain/index.js';
import { useWallet } from '../../wallet/index.js';
import { Amount, Card, LinkButton } from '../../ui/index.js';
import styles from './portfolio.module.css';

/** Stake accounts that could come in; nothing where there are none. */
export function Elsewhere() {
  const { address } = useWallet();
  const { data: state } = usePoolState();
  const { data: accounts } = useStakeAccounts();
  const { data: validators } = useValidators();
  if (!state || !accounts || !validators || accounts.length === 0) return null;
  const fitting = accounts.filter(
    (account) => stakeEligibility(state, validators, account, address ?? undefined).eligible,
  );
  const lamports = fitting.reduce((sum, account) => sum + account.lamports, 0n);
  return (
    <Card title="Stake accounts of yours">
      <div className={styles.row}>
        <p>
          {fitting.length === 0 ? (
            <>You have {accounts.length}, none of which fits the pool now.</>
          ) : (
            <>
              {fitting.length} of {accounts.length} could come in as they are, with{' '}
              <Amount value={lamports} unit="SOL" />.
            </>
          )}
        </p>
        <LinkButton to="/stake/accounts" size="small">
          See stake accounts
        </LinkButton>
      </div>
    </Card>
  );
}
