import type { PoolState } from '@thaw/client';
import type { Address } from '@solana/kit';
import { Badge, Card, CopyableAddress, Skeleton } from '../../ui/index.js';
import styles from './Powers.module.css';

export interface PowersProps {
  state: PoolState | undefined;
  /** Who may replace the program; null for nobody, `undefined` while it is not known. */
  upgradeAuthority: Address | null | undefined;
}

/** What stands in place of no address; nobody can sign for it. */
const ZEROS = '11111111111111111111111111111111';

type Power = {
  readonly name: string;
  readonly holder: Address | null | undefined;
  /** Was named to take it over and has not accepted yet. */
  readonly nominee: Address | null;
  readonly may: string;
};

/** Who holds which power, and what it can and cannot do. */
export function Powers({ state, upgradeAuthority }: PowersProps) {
  return (
    <Card title="Who has which power">
      <ul className={styles.powers}>
        {powersOf(state, upgradeAuthority).map(({ name, holder, nominee, may }) => (
          <li key={name}>
            <h3>{name}</h3>
            <span className={styles.holder}>
              {holder === undefined ? (
                <Skeleton width="12ch" />
              ) : holder === null || holder === ZEROS ? (
                <Badge kind="good">nobody, for good</Badge>
              ) : (
                <CopyableAddress address={holder} label={name.toLowerCase()} />
              )}
            </span>
            <p>{may}</p>
            {nominee !== null && (
              <p className={styles.nominee}>
                <Badge kind="warn">handing over</Badge> Nominated, has not accepted yet:{' '}
                <CopyableAddress address={nominee} label={`nominee for ${name.toLowerCase()}`} />
              </p>
            )}
          </li>
        ))}
      </ul>
      <p className={styles.none}>
        None of the pool’s powers can move SOL out of the pool, and none can pause, price or delay a
        ticket. The upgrade authority can replace the whole program, so it can do anything.
      </p>
    </Card>
  );
}

function powersOf(state: PoolState | undefined, upgradeAuthority: PowersProps['upgradeAuthority']) {
  const pool = state?.pool;
  const nominee = (address: Address | undefined) =>
    address === undefined || address === ZEROS ? null : address;
  const powers: readonly Power[] = [
    {
      name: 'Upgrade authority',
      holder: upgradeAuthority,
      nominee: null,
      may: 'Can replace the program’s code.',
    },
    {
      name: 'Admin',
      holder: pool?.admin,
      nominee: nominee(pool?.nominatedAdmin),
      may: 'Proposes changes, which wait at least 48 hours; names the other powers; lifts pauses; can wind the pool down.',
    },
    {
      name: 'Operator',
      holder: pool?.operator,
      nominee: nominee(pool?.nominatedOperator),
      may: 'Lists validators and sets their weights, within the caps.',
    },
    {
      name: 'Guardian',
      holder: pool?.guardian,
      nominee: nominee(pool?.nominatedGuardian),
      may: 'Pauses deposits, instant exits, stake accounts or moves, for 72 hours at most.',
    },
    {
      name: 'Treasury',
      holder: pool?.treasury,
      nominee: null,
      may: 'The token account that gets the fee on rewards. No power.',
    },
  ];
  return powers;
}
