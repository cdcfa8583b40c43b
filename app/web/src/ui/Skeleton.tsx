import styles from './Skeleton.module.css';

export interface SkeletonProps {
  /** CSS length; all there is unless told. */
  width?: string;
  /** CSS length; one line of text unless told. */
  height?: string;
}

/** Holds the place of what loads, in its final size. Hidden from screen readers. */
export function Skeleton({ width = '100%', height }: SkeletonProps) {
  return (
    <span aria-hidden="true" className={styles.skeleton} style={{ width, height }}>
      &nbsp;
    </span>
  );
}
