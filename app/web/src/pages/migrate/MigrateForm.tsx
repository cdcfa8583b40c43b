import {
  AmountError,
  fetchSplPool,
  fetchValidators,
  migrate,
  MIN_DELEGATION,
  minDelegationOf,
  newStakeSeed,
  parseSol,
  planMigration,
  type SplPool,
} from '@thaw/client';
import { useDeferredValue, useState } from 'react';
import {
  deadline,
  useChain,
  usePoolState,
  useSettings,
  useTransaction,
  type Order,
} from '../../chain/index.js';
import { formatAmount } from '../../format/index.js';
import { AmountField, Button, Card, typedAmount } from '../../ui/index.js';
import { useWallet } from '../../wallet/index.js';
import styles from './migrate.module.css';
import { OldPool } from './OldPool.js';
import { Outcome } from './Outcome.js';
import { usePlan, useSplTokens } from './queries.js';
import { Refused } from './Refused.js';
import { termsOf } from './terms.js';

export interface MigrateFormProps {
  pool: SplPool;
}

/** How much to move, what comes of it, and the button that does it. */
export function MigrateForm({ pool }: MigrateFormProps) {
  const { rpc, site } = useChain();
  const { address, choose } = useWallet();
  const { data: state } = usePoolState();
  const least = state ? minDelegationOf(state.pool) : MIN_DELEGATION;
  const [{ slippageBps }] = useSettings();
  const { run, isBusy } = useTransaction();
  const [text, setText] = useState('');
  const held = useSplTokens(pool);
  const { tokens, error } = amountIn(text, address ? held.data : undefined);
  const wanted = useDeferredValue(error === undefined ? tokens : null);
  const plan = usePlan(pool, wanted);
  const isQuoted =
    plan.data !== undefined && !plan.isError && plan.data.withdrawal.tokens === tokens;
  const terms = isQuoted ? termsOf(plan.data, slippageBps) : undefined;

  const start = async () => {
    if (!address) return choose();
    if (!terms || tokens === null) return;
    const [from, { least }] = [pool.address, terms];
    const order: Order = {
      title: `Move ${formatAmount(tokens)} tokens here`,
      done: `You have about ${formatAmount(terms.shares)} ${site.symbol} more. The stake went on earning.`,
      build: async ({ state, owner, signer }) => {
        const [validators, fresh] = await Promise.all([
          fetchValidators(rpc, state, { abortSignal: deadline(undefined, 60_000) }),
          fetchSplPool(rpc, from),
        ]);
        const input = { state, validators, from: fresh, owner, tokens };
        const newest = await planMigration(rpc, input);
        const seed = newStakeSeed();
        return [[await migrate({ state, owner: signer, plan: newest, seed, minOut: least })]];
      },
    };
    if (await run(order)) setText('');
  };

  return (
    <Card>
      <div className={styles.form}>
        <OldPool pool={pool} />
        <AmountField
          label="Tokens to move"
          value={text}
          onValueChange={setText}
          unit="tokens"
          balance={address ? held.data : undefined}
          error={error}
          hint={`At least ${formatAmount(least)} SOL’s worth: stake moves in no smaller parts.`}
        />
        {wanted !== null && wanted > 0n && plan.isError ? (
          <Refused
            error={plan.error}
            pool={pool}
            least={least}
            onRetry={() => void plan.refetch()}
            onAmount={(most) => setText(typedAmount(most))}
          />
        ) : (
          tokens !== null &&
          tokens > 0n && (
            <Outcome
              plan={isQuoted ? plan.data : undefined}
              terms={terms}
              slippageBps={slippageBps}
            />
          )
        )}
        <Button
          kind="primary"
          size="large"
          isWide
          isBusy={isBusy}
          disabled={address !== null && !terms}
          onClick={() => void start()}
        >
          {address ? 'Migrate' : 'Connect a wallet'}
        </Button>
      </div>
    </Card>
  );
}

/** The amount that was typed, or what is wrong with it. */
function amountIn(
  text: string,
  held: bigint | undefined,
): { tokens: bigint | null; error?: string } {
  if (text === '') return { tokens: null };
  try {
    const tokens = parseSol(text);
    if (held !== undefined && tokens > held) {
      return { tokens, error: `Your wallet holds ${formatAmount(held)} of them.` };
    }
    return { tokens };
  } catch (error) {
    if (error instanceof AmountError) return { tokens: null, error: error.message };
    throw error;
  }
}
