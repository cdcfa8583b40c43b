import type { ReactNode } from 'react';
import styles from './Frame.module.css';

export interface FrameProps {
  header?: ReactNode;
  /** Below the header, on every page: what holders must know. */
  banners?: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
}

/** Where header, banners, page and footer are. */
export function Frame({ header, banners, footer, children }: FrameProps) {
  return (
    <div className={styles.frame}>
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          // The hash is the route, so the link must not change it.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the page
      </a>
      <div className={styles.header}>{header}</div>
      <main id="main" className={styles.main} tabIndex={-1}>
        {banners}
        {children}
      </main>
      <div className={styles.footer}>{footer}</div>
    </div>
  );
}
