import { readFileSync } from 'node:fs';
import type { Config } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { PARAMETERS, configChanges, parameterText } from './parameters.js';

const rust = (path: string) =>
  readFileSync(new URL(`../../../../../${path}`, import.meta.url), 'utf8');

/** `pub const NAME: … = value;` of the program, tuples as lists. */
function constants(): Map<string, number[]> {
  const found = rust('programs/thaw/src/constants.rs').matchAll(
    /pub const (\w+): [^=]+ = \(?([\d_]+(?:, [\d_]+)?)\)?;/g,
  );
  const number = (text: string) => Number(text.replaceAll('_', ''));
  return new Map(
    [...found].map(([, name = '', value = '']) => [name, value.split(', ').map(number)]),
  );
}

/** Names and bounds as the command line has them, which its own tests compare with the program. */
function bounds(): Map<string, readonly [number, number]> {
  const known = constants();
  const number = (text: string) => {
    const [, name = '', , place = '0'] = /^caps::(\w+)(\.(\d))?$/.exec(text) ?? [];
    if (name !== '') return known.get(name)?.[Number(place)] ?? Number.NaN;
    if (text === 'WHOLE') return 10_000;
    return Number(text.replaceAll('_', '').replace(/u\d+$/, ''));
  };
  const lines = rust('crates/cli/src/pool_config.rs').matchAll(
    /^ {4}(\w+): u\d+ = [\d_]+, ([^,]+), ([^;]+);$/gm,
  );
  const camel = (name: string) =>
    name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return new Map(
    [...lines].map(([, name = '', low = '', high = '']) => [
      camel(name),
      [number(low), number(high)] as const,
    ]),
  );
}

const config = (over: Partial<Config> = {}): Config => ({
  ...(Object.fromEntries(PARAMETERS.map(({ key, low }) => [key, low])) as unknown as Config),
  reserved: new Uint8Array(19),
  ...over,
});

describe('parameters', () => {
  it('has the bounds of the program, and every parameter', () => {
    const expected = bounds();
    expect(expected.size).toBe(21);
    const found = new Map(PARAMETERS.map(({ key, low, high }) => [key as string, [low, high]]));
    // The lower bound of this one follows another value.
    expected.set('maxViolatorBps', [100, 2_000]);
    expect([...found].sort()).toEqual([...expected].sort());
  });

  it('finds what a proposal changes', () => {
    const changes = configChanges(config(), config({ rewardFeeBps: 300, requireBls: 1 }));
    expect(changes.map((it) => [it.parameter.key, it.old, it.new])).toEqual([
      ['rewardFeeBps', 0, 300],
      ['requireBls', 0, 1],
    ]);
    expect(configChanges(config(), config())).toEqual([]);
  });

  it('writes values as they are read', () => {
    expect(parameterText('bps', 500, 'en')).toBe('5.00%');
    expect(parameterText('bps', 2, 'en')).toBe('0.02%');
    expect(parameterText('bps', 5, 'de')).toBe('0,05\u00a0%');
    expect(parameterText('seconds', 86_400, 'en')).toBe('1 day');
    expect(parameterText('seconds', 129_600, 'en')).toBe('1.5 days');
    expect(parameterText('seconds', 43_200, 'en')).toBe('12 hours');
    expect(parameterText('seconds', 0, 'en')).toBe('0 seconds');
    expect(parameterText('count', 1_000, 'en')).toBe('1,000');
    expect([0, 1].map((value) => parameterText('switch', value))).toEqual(['no', 'yes']);
  });
});
