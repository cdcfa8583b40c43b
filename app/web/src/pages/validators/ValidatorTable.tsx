import { classes, Skeleton } from '../../ui/index.js';
import { HeadCell } from '../../ui/TableHeadCell.js';
import { COLUMNS } from './columns.js';
import type { ValidatorRow } from './row.js';
import type { Order, SortKey, Totals } from './table.js';
import styles from './ValidatorTable.module.css';

export interface ValidatorTableProps {
  /** `undefined` while they load. */
  rows: readonly ValidatorRow[] | undefined;
  totals: Totals | undefined;
  order: Order;
  onOrder: (key: SortKey) => void;
}

/** Lines drawn while the validators load. */
const EXPECTED = 5;

/** The validators as a table that scrolls inside its frame, with sums below. */
export function ValidatorTable({ rows, totals, order, onOrder }: ValidatorTableProps) {
  return (
    // A frame that scrolls must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.frame} role="region" aria-label="Validators" tabIndex={0}>
      <table className={styles.table} aria-busy={rows === undefined}>
        <caption className="visually-hidden">Validators of the pool</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ key, header, help, isNumeric }) => (
              <HeadCell
                key={key}
                header={header}
                help={help}
                className={cellClass(key, isNumeric)}
                order={order.key === key ? order : undefined}
                onSort={() => onOrder(key)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <tr key={row.vote}>
              {COLUMNS.map(({ key, isNumeric, cell }) => {
                const Cell = key === 'vote' ? 'th' : 'td';
                return (
                  <Cell
                    key={key}
                    scope={key === 'vote' ? 'row' : undefined}
                    className={cellClass(key, isNumeric)}
                  >
                    {cell(row)}
                  </Cell>
                );
              })}
            </tr>
          )) ??
            Array.from({ length: EXPECTED }, (_, place) => (
              <tr key={place}>
                {COLUMNS.map(({ key, isNumeric }) => (
                  <td key={key} className={cellClass(key, isNumeric)}>
                    <Skeleton width="7ch" height="1.75rem" />
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
        <tfoot>
          <tr>
            {COLUMNS.map(({ key, isNumeric, total }) => {
              const Cell = key === 'vote' ? 'th' : 'td';
              return (
                <Cell
                  key={key}
                  scope={key === 'vote' ? 'row' : undefined}
                  className={cellClass(key, isNumeric)}
                >
                  {totals ? total?.(totals) : <Skeleton width="7ch" />}
                </Cell>
              );
            })}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function cellClass(key: SortKey, isNumeric: boolean): string {
  return classes(styles.cell, isNumeric && styles.numeric, key === 'vote' && styles.sticky);
}
