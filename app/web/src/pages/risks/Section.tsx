import type { ReactNode } from 'react';
import styles from './risks.module.css';

type SectionProps = {
  /** Anchor of the heading. */
  readonly id: string;
  readonly title: string;
  /** What could happen. */
  readonly happens: ReactNode;
  /** How Thaw limits it. */
  readonly limits: ReactNode;
  /** What a holder can check. */
  readonly check: ReactNode;
};

/** One risk: what could happen, what limits it, what can be checked. */
export function Section({ id, title, happens, limits, check }: SectionProps) {
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className={styles.parts}>
        <div className={styles.happens}>
          <h3>What could happen</h3>
          {happens}
        </div>
        <div>
          <h3>How Thaw limits it</h3>
          {limits}
        </div>
        <div>
          <h3>What you can check</h3>
          {check}
        </div>
      </div>
    </section>
  );
}
