import styles from './Progress.module.css';

export interface ProgressProps {
  /** Name for screen readers. */
  label: string;
  /** Parts done, of `of`. */
  value: bigint | number;
  of: bigint | number;
  /** The value in words: `63% of epoch 812, about 5 h left`. */
  text?: string;
}

/** A bar that fills. */
export function Progress({ label, value, of, text }: ProgressProps) {
  const whole = BigInt(of);
  const done = BigInt(value);
  const part = whole <= 0n ? 0n : done >= whole ? 1_000n : (done * 1_000n) / whole;
  const percent = Number(part) / 10;
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      aria-valuetext={text}
    >
      <div className={styles.bar} style={{ width: `${percent}%` }} />
    </div>
  );
}
