import { stakeEligibility } from '@thaw/client';
import { useMemo } from 'react';
import {
  failureOf,
  usePoolNow,
  usePoolState,
  useStakeAccounts,
  useValidators,
} from '../../chain/index.js';
import { Empty, LinkButton, Notice } from '../../ui/index.js';
import { SubmitButton, useWallet } from '../../wallet/index.js';
import { StakeAccountTable, type StakeRow } from './StakeAccountTable.js';
import styles from './stake.module.css';

/** Own stake accounts in: they go on earning, without a cool-down. */
export function DepositStake() {
  const { status, address } = useWallet();
  const { data: state } = usePoolState();
  const accounts = useStakeAccounts();
  const validators = useValidators();
  const at = usePoolNow();
  const error = accounts.error ?? validators.error;
  const rows = useMemo<StakeRow[] | undefined>(() => {
    if (!accounts.data || !validators.data || !state) return undefined;
    return accounts.data.map((account) => ({
      account,
      eligibility: stakeEligibility(state, validators.data, account, address ?? undefined),
    }));
  }, [accounts.data, validators.data, state, address]);

  if (status !== 'connected') {
    return (
      <div className={styles.stack}>
        <Empty title="Bring a stake account in">
          <p>
            Stake that you have with a validator of this pool comes in whole, without a cool-down
            and without a day of lost rewards. Connect a wallet to see which of your accounts fit.
          </p>
        </Empty>
        <SubmitButton>Deposit</SubmitButton>
      </div>
    );
  }
  return (
    <div className={styles.stack}>
      <p>
        Stake with a validator of this pool comes in whole: no cool-down, no lost rewards. What does
        not fit says why.
      </p>
      {error && !rows ? (
        <Notice kind="error" title="Your stake accounts cannot be read">
          {failureOf(error).title} Some servers do not offer this; you can set another in the
          settings.
        </Notice>
      ) : rows?.length === 0 ? (
        <Empty
          title="This wallet has no stake accounts"
          actions={
            <LinkButton to="/stake" size="small">
              Stake SOL instead
            </LinkButton>
          }
        />
      ) : (
        <StakeAccountTable rows={rows} at={at} />
      )}
    </div>
  );
}
