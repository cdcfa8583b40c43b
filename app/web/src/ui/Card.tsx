import type { ReactNode } from 'react';
import { useId } from 'react';
import { classes } from './classes.js';
import styles from './Card.module.css';

export interface CardProps {
  /** Heading of the card; makes it a named region. */
  title?: ReactNode;
  /** Beside the heading, on the right. */
  aside?: ReactNode;
  /** Level of the heading. */
  level?: 2 | 3;
  /** No padding around the content, for tables. */
  isFlush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A raised surface for one subject. */
export function Card({ title, aside, level = 2, isFlush = false, className, children }: CardProps) {
  const id = useId();
  const Heading = `h${level}` as const;
  const named = title === undefined ? {} : { 'aria-labelledby': id };
  return (
    <section className={classes(styles.card, className)} {...named}>
      {title !== undefined && (
        <header className={styles.head}>
          <Heading id={id} className={styles.title}>
            {title}
          </Heading>
          {aside}
        </header>
      )}
      <div className={isFlush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
