import type { ReactNode } from 'react';
import { classes } from './classes.js';
import { Skeleton } from './Skeleton.js';
import { Tooltip } from './Tooltip.js';
import styles from './DefinitionList.module.css';

export interface Definition {
  term: string;
  /** `undefined` while it loads, in the same space. */
  value: ReactNode;
  /** What it means, behind an info button. */
  help?: ReactNode;
  /** The line that counts most. */
  isStrong?: boolean;
}

export interface DefinitionListProps {
  items: readonly Definition[];
  /** Name for screen readers. */
  label?: string;
}

/** Lines of a name and a value: the terms of a transaction, the parameters of a pool. */
export function DefinitionList({ items, label }: DefinitionListProps) {
  return (
    <dl className={styles.list} aria-label={label}>
      {items.map(({ term, value, help, isStrong }) => (
        <div key={term} className={classes(styles.line, isStrong && styles.strong)}>
          <dt className={styles.term}>
            {term} {help !== undefined && <Tooltip label={`About ${term}`} content={help} />}
          </dt>
          <dd className={styles.value}>{value === undefined ? <Skeleton width="9ch" /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
