import { classes } from '../classes.js';
import { Icon, type IconProps } from './Icon.js';
import styles from './Icon.module.css';

/** Turns; stands still where motion is not wanted. */
export function SpinnerIcon({ className, ...props }: IconProps) {
  return (
    <Icon {...props} className={classes(styles.spinner, className)}>
      <circle cx="12" cy="12" r="8.5" opacity="0.25" />
      <path d="M20.5 12A8.5 8.5 0 0 0 12 3.5" />
    </Icon>
  );
}
