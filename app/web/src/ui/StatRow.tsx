import type { ReactNode } from 'react';
import styles from './Stat.module.css';

/** Key figures side by side, as many as fit. */
export function StatRow({ children }: { children: ReactNode }) {
  return <dl className={styles.row}>{children}</dl>;
}
