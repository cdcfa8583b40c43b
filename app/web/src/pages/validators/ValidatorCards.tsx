import { Button, DownIcon, Skeleton, UpIcon } from '../../ui/index.js';
import { COLUMNS } from './columns.js';
import { Notes } from './Notes.js';
import type { ValidatorTableProps } from './ValidatorTable.js';
import type { SortKey, Totals } from './table.js';
import styles from './ValidatorCards.module.css';

/** The validators one below the other, for narrow screens. */
export function ValidatorCards({ rows, totals, order, onOrder }: ValidatorTableProps) {
  const [vote, state, ...figures] = COLUMNS;
  return (
    <>
      <div className={styles.order}>
        <label>
          Sort by{' '}
          <select
            value={order.key}
            onChange={(event) => onOrder(event.target.value as SortKey)}
            className={styles.select}
          >
            {COLUMNS.map(({ key, header }) => (
              <option key={key} value={key}>
                {header}
              </option>
            ))}
          </select>
        </label>
        <Button
          size="small"
          onClick={() => onOrder(order.key)}
          icon={order.isDescending ? <DownIcon /> : <UpIcon />}
        >
          {order.isDescending ? 'Falling' : 'Rising'}
        </Button>
      </div>
      <ul className={styles.cards} aria-label="Validators">
        {rows?.map((row) => (
          <li key={row.vote} className={styles.card}>
            <div className={styles.head}>
              {vote?.cell(row)}
              {state?.cell({ ...row, notes: [] })}
            </div>
            <Notes notes={row.notes} isOpen />
            <dl className={styles.figures}>
              {figures.map(({ key, header, cell }) => (
                <div key={key}>
                  <dt>{header}</dt>
                  <dd>{cell(row)}</dd>
                </div>
              ))}
            </dl>
          </li>
        )) ??
          Array.from({ length: 3 }, (_, place) => (
            <li key={place} className={styles.card}>
              <Skeleton height="18rem" />
            </li>
          ))}
        {totals && <Sums totals={totals} />}
      </ul>
    </>
  );
}

function Sums({ totals }: { readonly totals: Totals }) {
  return (
    <li className={styles.card}>
      <p className={styles.name}>All together</p>
      <dl className={styles.figures}>
        {COLUMNS.flatMap(({ key, header, total }) =>
          total === undefined
            ? []
            : [
                <div key={key}>
                  <dt>{key === 'vote' ? 'Count' : header}</dt>
                  <dd>{total(totals)}</dd>
                </div>,
              ],
        )}
      </dl>
    </li>
  );
}
