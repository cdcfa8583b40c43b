import type { ReactNode } from 'react';
import { OutIcon } from './icons/index.js';
import styles from './ExternalLink.module.css';

export interface ExternalLinkProps {
  href: string;
  children: ReactNode;
}

/** A link that leaves the app, in a new tab; says so to screen readers. */
export function ExternalLink({ href, children }: ExternalLinkProps) {
  return (
    <a className={styles.link} href={href} target="_blank" rel="noreferrer noopener">
      {children}
      <OutIcon />
      <span className="visually-hidden"> (opens a new tab)</span>
    </a>
  );
}
