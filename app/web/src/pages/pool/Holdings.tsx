import type { PoolState, ValidatorView } from '@thaw/client';
import { formatShare } from '../../format/index.js';
import { Amount, Card, DefinitionList, Skeleton, classes } from '../../ui/index.js';
import { holdingsOf, type Liquidity } from './figures.js';
import styles from './Holdings.module.css';

export interface HoldingsProps {
  state: PoolState | undefined;
  validators: readonly ValidatorView[] | undefined;
  liquidity: Liquidity | undefined;
}

/** Where the SOL is, and what the reserve has to do. */
export function Holdings({ state, validators, liquidity }: HoldingsProps) {
  const parts = state && validators && holdingsOf(state, validators);
  const whole = parts?.reduce((sum, part) => sum + part.lamports, 0n) ?? 0n;
  const amount = (value: bigint | undefined) =>
    value === undefined ? undefined : <Amount value={value} unit="SOL" isFocusable />;
  return (
    <Card title="Where the SOL is">
      {/* The list below says the same. */}
      <div className={styles.bar} aria-hidden="true">
        {parts?.map(({ id, lamports }) => (
          <span
            key={id}
            className={classes(styles.part, styles[id])}
            style={{ flexGrow: whole === 0n ? 0 : Number((lamports * 10_000n) / whole) }}
          />
        ))}
      </div>
      <ul className={styles.parts}>
        {(parts ?? PLACES).map((part) => (
          <li key={part.id}>
            <span className={classes(styles.dot, styles[part.id])} aria-hidden="true" />
            <span className={styles.name}>{part.name}</span>
            {'lamports' in part ? (
              <>
                <Amount value={part.lamports} unit="SOL" isFocusable />
                <span className={styles.share}>{formatShare(part.lamports, whole)}</span>
              </>
            ) : (
              <span className={styles.loading}>
                <Skeleton width="14ch" />
              </span>
            )}
            <span className={styles.meaning}>{part.meaning}</span>
          </li>
        ))}
      </ul>
      <h3 className={styles.heading}>The reserve</h3>
      <DefinitionList
        label="The reserve"
        items={[
          {
            term: 'For instant exits now',
            value: amount(liquidity?.instant),
            help: 'What is liquid, without what the queue is owed, the fees of this epoch and a small float for stake accounts.',
          },
          {
            term: 'Target',
            value: amount(liquidity?.target),
            help: 'The pool keeps this much liquid; fixed at each finalize. Below it instant exits cost more.',
          },
          {
            term: 'The queue’s tickets are worth',
            value: amount(liquidity?.queued),
            help: 'Not paid yet: they share gains and losses until they are.',
          },
          {
            term: 'Set aside to be claimed',
            value: amount(liquidity?.claimable),
            help: 'Belongs to tickets that are settled, not to the pool any more; in none of the figures above.',
          },
        ]}
      />
    </Card>
  );
}

/** What is drawn while the parts load. */
const PLACES = [
  { id: 'active', name: 'Active stake', meaning: 'Works with the validators and earns.' },
  { id: 'activating', name: 'Warming up', meaning: 'Begins to earn at the next epoch.' },
  { id: 'cooling', name: 'Cooling down', meaning: 'On its way out; free at the next epoch.' },
  { id: 'liquid', name: 'Liquid in the reserve', meaning: 'Pays instant exits and tickets.' },
  {
    id: 'rent',
    name: 'Rent of stake accounts',
    meaning: 'What the network keeps per account.',
  },
] as const;
