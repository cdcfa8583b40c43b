import type { ReactNode } from 'react';
import { classes } from './classes.js';
import { CheckIcon, ErrorIcon, InfoIcon, WarnIcon } from './icons/index.js';
import styles from './Notice.module.css';

/** What a notice is about. */
export type NoticeKind = 'info' | 'good' | 'warn' | 'error';

export interface NoticeProps {
  kind?: NoticeKind;
  title?: ReactNode;
  children?: ReactNode;
  /** Buttons below the text. */
  actions?: ReactNode;
  /** Read out when it appears; errors always are. */
  isLive?: boolean;
}

const ICONS = { info: InfoIcon, good: CheckIcon, warn: WarnIcon, error: ErrorIcon } as const;

/** A message in the flow of the page. */
export function Notice({ kind = 'info', title, children, actions, isLive = false }: NoticeProps) {
  const Symbol = ICONS[kind];
  const role = kind === 'error' ? 'alert' : isLive ? 'status' : undefined;
  return (
    <div className={classes(styles.notice, styles[kind])} role={role}>
      <Symbol className={styles.icon} />
      <div className={styles.text}>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        {children !== undefined && <div>{children}</div>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
