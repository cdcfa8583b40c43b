import type { ReactNode } from 'react';
import styles from './Stat.module.css';
import { Skeleton } from './Skeleton.js';
import { Tooltip } from './Tooltip.js';

export interface StatProps {
  label: string;
  /** The figure; `undefined` while it loads, in the same space. */
  value: ReactNode;
  /** A line below it. */
  note?: ReactNode;
  /** How it is computed, behind an info button. */
  help?: ReactNode;
}

/** A key figure with its name; group several in a `StatRow`. */
export function Stat({ label, value, note, help }: StatProps) {
  const isLoading = value === undefined;
  return (
    <div className={styles.stat}>
      <dt className={styles.label}>
        {label}
        {help !== undefined && <Tooltip label={`About ${label}`} content={help} />}
      </dt>
      <dd className={styles.value}>{isLoading ? <Skeleton width="6ch" /> : value}</dd>
      {note !== undefined && (
        <dd className={styles.note}>{isLoading ? <Skeleton width="12ch" /> : note}</dd>
      )}
    </div>
  );
}
