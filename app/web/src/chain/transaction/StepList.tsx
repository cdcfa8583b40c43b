import { CheckIcon, classes, CloseIcon, SpinnerIcon } from '../../ui/index.js';
import type { Step } from './steps.js';
import styles from './StepList.module.css';

const WORDS = { waiting: 'not yet', active: 'now', done: 'done', failed: 'stopped here' } as const;

/** The steps of a transaction, with the one at hand. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className={styles.steps} aria-label="Steps">
      {steps.map(({ label, state }, place) => (
        <li
          key={label}
          className={classes(styles.step, styles[state])}
          aria-current={state === 'active' ? 'step' : undefined}
        >
          <span className={styles.mark} aria-hidden="true">
            {state === 'done' && <CheckIcon />}
            {state === 'failed' && <CloseIcon />}
            {state === 'active' && <SpinnerIcon />}
            {state === 'waiting' && place + 1}
          </span>
          {label}
          <span className="visually-hidden">: {WORDS[state]}</span>
        </li>
      ))}
    </ol>
  );
}
