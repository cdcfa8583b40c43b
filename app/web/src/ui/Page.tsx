import { useEffect, type ReactNode } from 'react';
import { classes } from './classes.js';
import styles from './Page.module.css';

export interface PageProps {
  /** The page's heading and the document's title. */
  title: string;
  /** One or two sentences below it. */
  lead?: ReactNode;
  /** A column for a form instead of the full width. */
  isNarrow?: boolean;
  children: ReactNode;
}

/** A page with its heading; every route has one. */
export function Page({ title, lead, isNarrow = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Thaw`;
  }, [title]);
  return (
    <div className={classes(styles.page, isNarrow && styles.narrow)}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}
