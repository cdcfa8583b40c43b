import type { PoolState } from '@thaw/client';
import { Card, Skeleton, Table, type Column } from '../../ui/index.js';
import { PARAMETERS, parameterText, type Parameter, type ParameterGroup } from './parameters.js';
import { useIsNarrow } from '../validators/useIsNarrow.js';
import styles from './ParameterCard.module.css';

export interface ParameterCardProps {
  state: PoolState | undefined;
}

const GROUPS: readonly (readonly [ParameterGroup, string])[] = [
  ['exit', 'Liquidity and exits'],
  ['stake', 'Gains and moves of stake'],
  ['validator', 'Validators'],
  ['change', 'Changes'],
];

/** The fees with their caps, and all other parameters behind a fold. */
export function ParameterCard({ state }: ParameterCardProps) {
  return (
    <Card title="Fees and parameters" isFlush>
      <ParameterTable caption="Fees" group="fee" state={state} />
      <p className={styles.free}>
        Leaving by a ticket costs nothing, and the code has no way to charge for it. Caps are
        written in the program: no vote and no key can pass them.
      </p>
      <details className={styles.more}>
        <summary>All parameters</summary>
        {GROUPS.map(([group, name]) => (
          <ParameterTable key={group} caption={name} group={group} state={state} isCaptionShown />
        ))}
      </details>
    </Card>
  );
}

interface ParameterTableProps extends ParameterCardProps {
  caption: string;
  group: ParameterGroup;
  isCaptionShown?: boolean;
}

function ParameterTable({ caption, group, state, isCaptionShown = false }: ParameterTableProps) {
  const rows = PARAMETERS.filter((parameter) => parameter.group === group);
  const isNarrow = useIsNarrow();
  const now = (row: Parameter) => (
    <strong>
      {state ? parameterText(row.unit, state.pool.config[row.key]) : <Skeleton width="6ch" />}
    </strong>
  );
  const columns: readonly Column<Parameter>[] = [
    {
      key: 'name',
      header: 'Name',
      isRowHeader: true,
      cell: (row) => (
        <span className={styles.name}>
          {row.name}
          <span className={styles.meaning}>{row.meaning}</span>
        </span>
      ),
    },
    ...(isNarrow
      ? [
          {
            key: 'now',
            header: 'Now, in code',
            isNumeric: true,
            cell: (row: Parameter) => (
              <span className={styles.value}>
                {now(row)}
                <span className={styles.meaning}>{capText(row)}</span>
              </span>
            ),
          },
        ]
      : [
          { key: 'now', header: 'Now', isNumeric: true, cell: now },
          { key: 'cap', header: 'In code', isNumeric: true, cell: capText },
        ]),
  ];
  return (
    <Table
      caption={caption}
      isCaptionShown={isCaptionShown}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
    />
  );
}

/** The bounds of the program: only the upper one where the lower one is 0. */
function capText({ unit, low, high }: Parameter): string {
  if (unit === 'switch') return 'yes or no';
  const most = parameterText(unit, high);
  return low === 0 ? `at most ${most}` : `${parameterText(unit, low)} to ${most}`;
}
