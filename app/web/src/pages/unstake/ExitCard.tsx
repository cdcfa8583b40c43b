import { useId, type ReactNode } from 'react';
import { Amount, Badge, classes, Skeleton } from '../../ui/index.js';
import type { Exit, ExitKind } from './exits.js';
import styles from './unstake.module.css';

export interface ExitCardProps {
  kind: ExitKind;
  title: string;
  icon: ReactNode;
  /** When it pays; `undefined` while that is not known. */
  when: string | undefined;
  exit: Exit | undefined;
  isChosen: boolean;
  onChoose: (kind: ExitKind) => void;
  /** What it costs and what to know. */
  lines: readonly ReactNode[];
  footer?: ReactNode;
}

/** One way out, as a radio button. One that is closed can be looked at, and says why. */
export function ExitCard(props: ExitCardProps) {
  const { kind, title, icon, when, exit, isChosen, onChoose, lines, footer } = props;
  const id = useId();
  return (
    <div className={classes(styles.card, isChosen && styles.chosen)}>
      <label className={styles.choose}>
        <input
          type="radio"
          name="exit"
          value={kind}
          checked={isChosen}
          onChange={() => onChoose(kind)}
          aria-describedby={id}
          className={styles.radio}
        />
        {icon}
        <span className={styles.title}>{title}</span>
      </label>
      <div id={id} className={styles.terms}>
        <p className={styles.pays}>
          {exit === undefined ? (
            <Skeleton width="8ch" />
          ) : exit.isOpen ? (
            <Amount value={exit.lamports} unit="SOL" />
          ) : (
            <Badge kind="warn">Closed</Badge>
          )}
          {exit?.isOpen !== false && (
            <span className={styles.when}>{when ?? <Skeleton width="6ch" />}</span>
          )}
        </p>
        {exit && !exit.isOpen ? (
          <p className={styles.reason}>
            {exit.reason}
            {exit.rule !== null && (
              <>
                {' '}
                ({exit.rule}
                {exit.code !== null && `, code ${exit.code}`})
              </>
            )}
          </p>
        ) : (
          lines.map((line, place) => (
            <p key={place} className={styles.line}>
              {line ?? <Skeleton width="70%" />}
            </p>
          ))
        )}
        {footer}
      </div>
    </div>
  );
}
