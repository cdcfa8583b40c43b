import { describe, expect, it } from 'vitest';
import {
  formatAbout,
  formatAmount,
  formatBps,
  formatCount,
  formatDuration,
  formatExact,
  formatPpb,
  formatShare,
  formatTime,
  isoTime,
  readAmount,
  shortAddress,
  toCsv,
  toDecimal,
} from './index.js';

const SOL = 1_000_000_000n;

describe('amounts', () => {
  it('are cut off, never rounded up', () => {
    const en = (amount: bigint, places?: number) =>
      formatAmount(amount, { locale: 'en', ...(places === undefined ? {} : { places }) });
    expect(en(1_234_567_899_999_999n)).toBe('1,234,567.8999');
    expect(en(999_999_999n)).toBe('0.9999');
    expect(en(999_999_999n, 2)).toBe('0.99');
    expect(en(SOL)).toBe('1');
    expect(en(0n)).toBe('0');
    expect(en(-1_500_000_000n)).toBe('-1.5');
    expect(formatAmount(SOL, { locale: 'en', places: 2, isFixed: true })).toBe('1.00');
  });

  it('say so where they are smaller than what is shown', () => {
    expect(formatAmount(1n, { locale: 'en' })).toBe('<0.0001');
    expect(formatAmount(99_999n, { locale: 'en' })).toBe('<0.0001');
    expect(formatAmount(100_000n, { locale: 'en' })).toBe('0.0001');
    expect(formatAmount(-1n, { locale: 'en' })).toBe('>−0.0001');
    expect(formatAmount(1n, { locale: 'en', places: 9 })).toBe('0.000000001');
  });

  it('keep every digit beyond 2^53', () => {
    expect(formatExact(18_446_744_073_709_551_615n, 'en')).toBe('18,446,744,073.709551615');
    expect(toDecimal(9_007_199_254_740_993n)).toBe('9007199.254740993');
    expect(toDecimal(-1n)).toBe('-0.000000001');
  });

  it('follow the locale', () => {
    expect(formatExact(1_234_500_000_000n, 'de')).toBe('1.234,5');
    expect(formatCount(1_234_567n, 'de')).toBe('1.234.567');
  });

  it('are read exactly, or refused in words', () => {
    expect(readAmount('')).toEqual({ amount: null, error: null });
    expect(readAmount('9007199.254740993').amount).toBe(9_007_199_254_740_993n);
    expect(readAmount('1,5').error).toMatch(/Write digits/);
    expect(readAmount('0.0000000001').error).toMatch(/9 places/);
    expect(readAmount('99999999999').error).toMatch(/more than there can be/);
  });
});

describe('percentages', () => {
  it('come from parts per billion, basis points and shares', () => {
    expect(formatPpb(68_300_000n, 2, 'en')).toBe('6.83%');
    expect(formatPpb(-1_000_000n, 2, 'en')).toBe('-0.10%');
    expect(formatPpb(123_456_789n, 5, 'en')).toBe('12.34568%');
    expect(formatBps(30, 'en')).toBe('0.30%');
    expect(formatShare(1n, 3n, 2, 'en')).toBe('33.33%');
    expect(formatShare(1n, 0n, 0, 'en')).toBe('0%');
  });
});

describe('times', () => {
  it('have two units', () => {
    expect([-5, 0, 59, 60, 3_700, 90_000].map(formatDuration)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min 0 s',
      '1 h 1 min',
      '1 d 1 h',
    ]);
    expect(formatDuration(172_800n)).toBe('2 d 0 h');
  });

  it('have one where nobody needs more', () => {
    expect([10n, 300n, 50_000n, 200_000n].map(formatAbout)).toEqual([
      'under a minute',
      'about 5 min',
      'about 14 h',
      'about 2 days',
    ]);
  });

  it('are dates for people and for machines', () => {
    expect(isoTime(1_700_000_000n)).toBe('2023-11-14T22:13:20Z');
    expect(formatTime(1_700_000_000n, 'en')).toMatch(/2023/);
  });
});

describe('texts', () => {
  it('shorten addresses by their ends', () => {
    expect(shortAddress('H9dNcM3X6L2bh1R5MbbPNt1fNGKTT1xcm3YEjTxC42zu')).toBe('H9dN…42zu');
    expect(shortAddress('short')).toBe('short');
  });

  it('quote cells of CSV, and disarm formulas', () => {
    expect(
      toCsv([
        ['a', 'b,"c"'],
        ['-1.5', '=1+1'],
      ]),
    ).toBe('a,"b,""c"""\r\n-1.5,\'=1+1\r\n');
  });
});
