import type { ReactNode } from 'react';
import { DownIcon, SortIcon, UpIcon } from './icons/index.js';
import type { Sort } from './sort.js';
import styles from './Table.module.css';
import { Tooltip } from './Tooltip.js';

export interface HeadCellProps {
  header: string;
  help?: ReactNode;
  className: string;
  /** How the table is sorted by this column, if it is. */
  order: Sort | undefined;
  /** Sorts by this column, or turns the order round. */
  onSort: (() => void) | undefined;
}

/** The head of a column; a button where one can sort by it. */
export function HeadCell({ header, help, className, order, onSort }: HeadCellProps) {
  const ariaSort = order && (order.isDescending ? 'descending' : 'ascending');
  const Arrow = order ? (order.isDescending ? DownIcon : UpIcon) : SortIcon;
  return (
    <th scope="col" className={className} aria-sort={ariaSort}>
      <span className={styles.headInner}>
        {onSort ? (
          <button type="button" className={styles.sort} onClick={onSort}>
            {header}
            <Arrow />
          </button>
        ) : (
          header
        )}
        {help !== undefined && <Tooltip label={`About ${header}`} content={help} />}
      </span>
    </th>
  );
}
