/** What rows can be ordered by; `null` comes last either way. */
export type SortValue = bigint | number | string | null;

/** By which column, and in which direction. */
export interface Sort {
  key: string;
  isDescending: boolean;
}

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
}

/** The rows in order; equal ones keep theirs. */
export function sorted<Row>(
  rows: readonly Row[],
  value: (row: Row) => SortValue,
  isDescending: boolean,
): Row[] {
  return [...rows].sort((left, right) => {
    const [a, b] = [value(left), value(right)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return isDescending ? compare(b, a) : compare(a, b);
  });
}
