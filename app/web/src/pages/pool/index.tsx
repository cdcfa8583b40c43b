import { rates as ratesOf } from '@thaw/client';
import { useMemo } from 'react';
import { isUnreachable, useNow, usePoolState, useValidators } from '../../chain/index.js';
import { Page } from '../../ui/index.js';
import { Addresses } from './Addresses.js';
import { Apy } from './Apy.js';
import { EpochCard } from './EpochCard.js';
import { figuresOf, liquidityOf } from './figures.js';
import { GateCard } from './GateCard.js';
import { Headline } from './Headline.js';
import { Holdings } from './Holdings.js';
import { LoadError } from './LoadError.js';
import { ParameterCard } from './ParameterCard.js';
import { Powers } from './Powers.js';
import { ProgramCard, useProgramInfo } from './ProgramCard.js';
import { Proposal } from './Proposal.js';
import { RateHistory } from './RateHistory.js';
import styles from './pool.module.css';

/** Everything about the pool: value, rate, fees, powers, program. */
export default function PoolPage() {
  const pool = usePoolState();
  const validators = useValidators();
  const program = useProgramInfo();
  const now = useNow();
  const state = pool.data;
  const rates = useMemo(() => state && ratesOf(state.pool), [state]);
  const isReady = state !== undefined && now !== undefined;
  const upgradeAuthority = program.data?.upgradeAuthority;
  return (
    <Page title="Pool" lead="Everything here is read from the chain, by your browser.">
      {/* That the server is away is said above every page. */}
      {pool.isError && !state && !isUnreachable(pool.error) && (
        <LoadError
          what="the pool"
          error={pool.error}
          onRetry={() => void pool.refetch()}
          isRetrying={pool.isFetching}
        />
      )}
      <Headline state={state} figures={isReady ? figuresOf(state, now) : undefined} />
      <div className={styles.wide}>
        <RateHistory rates={rates} />
        <Apy state={state} rates={rates} />
      </div>
      <div className={styles.columns}>
        <div className={styles.column}>
          <Holdings
            state={state}
            validators={validators.data}
            liquidity={isReady ? liquidityOf(state, now) : undefined}
          />
          <Powers state={state} upgradeAuthority={upgradeAuthority} />
          <Addresses />
        </div>
        <div className={styles.column}>
          <EpochCard state={state} />
          <GateCard state={state} now={now} />
          <Proposal state={state} now={now} />
          <ProgramCard info={program} />
        </div>
      </div>
      <ParameterCard state={state} />
    </Page>
  );
}
