import { useDeferredValue, useMemo, useState } from 'react';
import { isUnreachable, usePoolState, useValidators } from '../../chain/index.js';
import { formatCount, toCsv } from '../../format/index.js';
import { Button, Card, DownloadIcon, Empty, Field, Page, SearchIcon } from '../../ui/index.js';
import { LoadError } from '../pool/LoadError.js';
import { Pager } from './Pager.js';
import { csvOf, rowOf } from './row.js';
import { save } from './save.js';
import { inOrder, nextOrder, pageOf, search, totalsOf, type Order, type SortKey } from './table.js';
import { useIsNarrow } from './useIsNarrow.js';
import { ValidatorCards } from './ValidatorCards.js';
import { ValidatorTable } from './ValidatorTable.js';
import styles from './validators.module.css';

/** Validators that are drawn at once. */
const PAGE = 50;

/** Every validator of the pool: what it holds, earns and charges, and which rules it breaks. */
export default function ValidatorsPage() {
  const { data: state } = usePoolState();
  const validators = useValidators();
  const views = validators.data;
  const isNarrow = useIsNarrow();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text);
  const [order, setOrder] = useState<Order>({ key: 'active', isDescending: true });
  const [at, setAt] = useState(0);

  const rows = useMemo(() => {
    if (!state || !views) return undefined;
    return views.map((view) => rowOf(view, state));
  }, [state, views]);
  const found = useMemo(() => rows && search(rows, wanted), [rows, wanted]);
  const ordered = useMemo(() => found && inOrder(found, order), [found, order]);
  const totals = useMemo(() => found && totalsOf(found), [found]);
  const page = ordered && pageOf(ordered, at, PAGE);

  const Rows = isNarrow ? ValidatorCards : ValidatorTable;
  const onOrder = (key: SortKey) => {
    setOrder((now) => nextOrder(now, key));
    setAt(0);
  };
  return (
    <Page
      title="Validators"
      lead="Who works with the pool’s SOL. Weights say how it is divided; reviews, which anyone can send, take weight from those that break the rules."
    >
      {/* That the server is away is said above every page. */}
      {validators.isError && !validators.data && (state || !isUnreachable(validators.error)) && (
        <LoadError
          what="the validators"
          error={validators.error}
          onRetry={() => void validators.refetch()}
          isRetrying={validators.isFetching}
        />
      )}
      <Card isFlush>
        <div className={styles.tools}>
          <search className={styles.search}>
            <Field
              label="Search"
              type="search"
              value={text}
              onValueChange={(value) => {
                setText(value);
                setAt(0);
              }}
              placeholder="Vote account or node"
              suffix={<SearchIcon />}
              hint={hintOf(rows?.length, found?.length, wanted)}
            />
          </search>
          <Button
            icon={<DownloadIcon />}
            disabled={!ordered}
            onClick={() => ordered && save('validators.csv', 'text/csv', toCsv(csvOf(ordered)))}
          >
            Download CSV
          </Button>
        </div>
        {rows?.length === 0 ? (
          <Empty title="No validators yet">
            The operator has not listed any. SOL that comes in stays liquid until then.
          </Empty>
        ) : (
          <Rows rows={page?.rows} totals={totals} order={order} onOrder={onOrder} />
        )}
        {page && <Pager page={page} count={ordered.length} onPage={setAt} />}
      </Card>
    </Page>
  );
}

/** How many there are, or were found. */
function hintOf(all: number | undefined, found: number | undefined, text: string): string {
  if (all === undefined || found === undefined) return 'Reading';
  if (text.trim() === '') return all === 1 ? '1 validator' : `${formatCount(all)} validators`;
  return `${formatCount(found)} of ${formatCount(all)} found`;
}
