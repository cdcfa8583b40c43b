import type { Failure } from './failure.js';
import styles from './FailureDetails.module.css';

/** Why it failed beyond the first sentence: by how much, the rule and its code, the logs in a fold. */
export function FailureDetails({ failure }: { failure: Failure }) {
  const { detail, rule, code, logs } = failure;
  return (
    <div className={styles.details}>
      {detail !== null && <p>{detail}</p>}
      {(rule !== null || code !== null) && (
        <p className={styles.code}>
          {rule !== null && (
            <>
              Rule <code>{rule}</code>
              {code !== null && ', '}
            </>
          )}
          {code !== null && (
            <>
              code <code>{code}</code>
            </>
          )}
        </p>
      )}
      {logs.length > 0 && (
        <details>
          <summary>What the programs logged</summary>
          {/* A frame that scrolls must be reachable by keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={styles.logs} role="region" aria-label="Logs" tabIndex={0}>
            {logs.join('\n')}
          </pre>
        </details>
      )}
    </div>
  );
}
