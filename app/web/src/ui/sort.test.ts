import { expect, it } from 'vitest';
import { sorted } from './sort.js';

it('sorts by value, keeps equal rows in order, and has what is unknown last', () => {
  const rows = [
    { name: 'b', value: 2n },
    { name: 'none', value: null },
    { name: 'a', value: 2n },
    { name: 'c', value: 10n },
  ];
  const names = (isDescending: boolean) =>
    sorted(rows, ({ value }) => value, isDescending).map(({ name }) => name);
  expect(names(false)).toEqual(['b', 'a', 'c', 'none']);
  expect(names(true)).toEqual(['c', 'b', 'a', 'none']);
  expect(sorted(rows, ({ name }) => name, false)[0]?.name).toBe('a');
});
