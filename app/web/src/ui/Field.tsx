import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import { classes } from './classes.js';
import styles from './Field.module.css';

export interface FieldProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'onChange' | 'value'
> {
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  /** What is wrong with the value, in words. */
  error?: string | undefined;
  /** A line below the field. */
  hint?: ReactNode;
  /** On the right of the label. */
  aside?: ReactNode;
  /** Inside the field, on the right: a unit, a button. */
  suffix?: ReactNode;
  isLarge?: boolean;
}

/** A text field with its label, hint and error. */
export function Field(props: FieldProps) {
  const { label, value, onValueChange, error, hint, aside, suffix, isLarge, ...rest } = props;
  const id = useId();
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
        {aside}
      </div>
      <div className={classes(styles.box, isLarge && styles.large, error && styles.wrong)}>
        <input
          autoComplete="off"
          spellCheck={false}
          {...rest}
          id={id}
          className={styles.input}
          value={value}
          onChange={(event) => onValueChange(event.target.value)}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-note`}
        />
        {suffix !== undefined && <div className={styles.suffix}>{suffix}</div>}
      </div>
      {/* Always there, so that an error moves nothing. */}
      <p id={`${id}-note`} className={classes(styles.note, error && styles.error)} role="status">
        {error ?? hint ?? ' '}
      </p>
    </div>
  );
}
