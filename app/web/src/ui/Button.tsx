import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.js';
import { SpinnerIcon } from './icons/index.js';
import styles from './Button.module.css';

/** How loud a button is; `primary` at most once in a view. */
export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

/** How tall it is. */
export type ButtonSize = 'small' | 'normal' | 'large';

export interface ButtonLook {
  kind?: ButtonKind;
  size?: ButtonSize;
  /** As wide as its container. */
  isWide?: boolean;
}

export interface ButtonProps extends ButtonLook, ButtonHTMLAttributes<HTMLButtonElement> {
  /** Shows a spinner and takes no clicks; the label stays, so nothing moves. */
  isBusy?: boolean;
  icon?: ReactNode;
}

/** The class names of a button, for links that look like one. */
export function buttonClasses({ kind = 'secondary', size = 'normal', isWide }: ButtonLook): string {
  return classes(styles.button, styles[kind], styles[size], isWide && styles.wide);
}

/** A button. */
export function Button({
  kind,
  size,
  isWide,
  isBusy = false,
  icon,
  children,
  className,
  type = 'button',
  disabled,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled === true && !isBusy}
      // Not `disabled`: that would take the focus away from who just pressed it.
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={classes(buttonClasses({ kind, size, isWide }), className)}
    >
      {isBusy ? <SpinnerIcon /> : icon}
      {children}
    </button>
  );
}
