import type { ReactNode } from 'react';
import { classes } from '../classes.js';
import styles from './Icon.module.css';

export interface IconProps {
  /** Says what the icon means where no text beside it does; otherwise it is decoration. */
  label?: string;
  className?: string;
}

/** A line icon in the size and colour of the text around it. */
export function Icon({ label, className, children }: IconProps & { children: ReactNode }) {
  const named =
    label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg
      {...named}
      className={classes(styles.icon, className)}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      focusable="false"
    >
      {children}
    </svg>
  );
}
