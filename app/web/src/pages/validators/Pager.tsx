import { formatCount } from '../../format/index.js';
import { Button } from '../../ui/index.js';
import type { Page } from './table.js';
import styles from './Pager.module.css';

export interface PagerProps {
  page: Page;
  /** Rows of all pages. */
  count: number;
  onPage: (index: number) => void;
}

/** Goes through the pages of a long list; nothing where there is only one. */
export function Pager({ page, count, onPage }: PagerProps) {
  if (page.count <= 1) return null;
  return (
    <nav className={styles.pager} aria-label="Pages of validators">
      <Button size="small" disabled={page.index === 0} onClick={() => onPage(page.index - 1)}>
        Before
      </Button>
      <span role="status">
        Page {page.index + 1} of {page.count}, {formatCount(count)} validators
      </span>
      <Button
        size="small"
        disabled={page.index >= page.count - 1}
        onClick={() => onPage(page.index + 1)}
      >
        Next
      </Button>
    </nav>
  );
}
