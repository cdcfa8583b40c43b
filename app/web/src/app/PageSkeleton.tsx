import { Skeleton } from '../ui/index.js';
import styles from './PageSkeleton.module.css';

/** Stands where a page will be while its code loads. */
export function PageSkeleton() {
  return (
    <div className={styles.page} aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      <Skeleton width="12rem" height="2.3rem" />
      <Skeleton width="24rem" height="1.6rem" />
      <Skeleton height="26rem" />
    </div>
  );
}
