import type { ReactNode } from 'react';
import { classes } from './classes.js';
import styles from './Badge.module.css';

export interface BadgeProps {
  kind?: 'plain' | 'info' | 'good' | 'warn' | 'bad';
  children: ReactNode;
}

/** A state in a word or two; the word says it, the colour only repeats it. */
export function Badge({ kind = 'plain', children }: BadgeProps) {
  return <span className={classes(styles.badge, styles[kind])}>{children}</span>;
}
