import { useId, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { classes } from './classes.js';
import { Button } from './Button.js';
import { HeadCell } from './TableHeadCell.js';
import { Skeleton } from './Skeleton.js';
import { sorted, type Sort, type SortValue } from './sort.js';
import styles from './Table.module.css';

export interface Column<Row> {
  /** Unique in the table. */
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Makes the column sortable. */
  sortValue?: (row: Row) => SortValue;
  /** Right, as numbers want it. */
  isNumeric?: boolean;
  /** Names the row; stays in view when the table scrolls sideways. Best the first column. */
  isRowHeader?: boolean;
  /** What the column means, behind an info button. */
  help?: ReactNode;
}

export interface TableProps<Row> {
  /** Name of the table. */
  caption: string;
  /** The caption is shown too. */
  isCaptionShown?: boolean;
  columns: readonly Column<Row>[];
  /** `undefined` while they load. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  initialSort?: Sort;
  /** What stands in place of no rows. */
  empty?: ReactNode;
  /** Lines drawn while rows load: as many as are expected. */
  skeletonRows?: number;
  /** Rows shown at first; a button shows as many more. */
  pageSize?: number;
  /** CSS length from which on it scrolls, with its head in view. */
  maxHeight?: string;
}

/**
 * A table with sortable columns. It scrolls inside its own frame, so the page never does sideways;
 * the frame takes focus, so that it scrolls by keyboard.
 */
export function Table<Row>(props: TableProps<Row>) {
  const {
    caption,
    columns,
    rows,
    rowKey,
    skeletonRows = 3,
    pageSize = Infinity,
    maxHeight,
  } = props;
  const id = useId();
  const [sort, setSort] = useState<Sort | undefined>(props.initialSort);
  const [shown, setShown] = useState(pageSize);
  const ordered = useMemo(() => {
    const value = columns.find((column) => column.key === sort?.key)?.sortValue;
    return rows && sort && value ? sorted(rows, value, sort.isDescending) : rows;
  }, [rows, columns, sort]);
  const visible = ordered?.slice(0, shown);
  return (
    <>
      {/* A frame that scrolls must be reachable by keyboard. */}
      {/* eslint-disable jsx-a11y/no-noninteractive-tabindex */}
      <div
        className={styles.frame}
        style={{ maxHeight }}
        role="region"
        aria-labelledby={id}
        tabIndex={0}
      >
        {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
        <table className={styles.table} aria-busy={rows === undefined}>
          <caption id={id} className={props.isCaptionShown ? styles.caption : 'visually-hidden'}>
            {caption}
          </caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeadCell
                  key={column.key}
                  header={column.header}
                  help={column.help}
                  className={classes(
                    styles.headCell,
                    column.isNumeric && styles.numeric,
                    column.isRowHeader && styles.sticky,
                  )}
                  order={sort?.key === column.key ? sort : undefined}
                  onSort={
                    column.sortValue &&
                    (() =>
                      setSort((now) => ({
                        key: column.key,
                        // Numbers are looked at from the largest on, names from A on.
                        isDescending:
                          now?.key === column.key ? !now.isDescending : !!column.isNumeric,
                      })))
                  }
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {visible?.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column) => {
                  const Cell = column.isRowHeader ? 'th' : 'td';
                  return (
                    <Cell
                      key={column.key}
                      scope={column.isRowHeader ? 'row' : undefined}
                      className={classes(
                        styles.cell,
                        column.isNumeric && styles.numeric,
                        column.isRowHeader && styles.sticky,
                      )}
                    >
                      {column.cell(row)}
                    </Cell>
                  );
                })}
              </tr>
            ))}
            {rows === undefined &&
              Array.from({ length: skeletonRows }, (_, place) => (
                <tr key={place}>
                  {columns.map((column) => (
                    <td key={column.key} className={styles.cell}>
                      <Skeleton width="80%" />
                    </td>
                  ))}
                </tr>
              ))}
            {rows?.length === 0 && (
              <tr>
                <td colSpan={columns.length} className={styles.cell}>
                  {props.empty ?? 'Nothing here yet.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {rows && rows.length > shown && (
        <div className={styles.more}>
          <Button size="small" onClick={() => setShown(shown + pageSize)}>
            Show {Math.min(pageSize, rows.length - shown)} more of {rows.length}
          </Button>
        </div>
      )}
    </>
  );
}
