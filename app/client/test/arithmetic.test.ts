import { describe, expect, it } from 'vitest';
import { U64_MAX } from '../src/constants.js';
import type { Pool } from '../src/generated/index.js';
import { rates, recentApyPpb } from '../src/history.js';
import { bpsDown, bpsUp, mulDivDown, mulDivUp } from '../src/math/amounts.js';
import {
  entitlementDown,
  entryNavOf,
  entryRateOf,
  lamportsDown,
  lamportsUp,
  navOf,
  rateOf,
  sharesDown,
  unreleasedUp,
} from '../src/math/books.js';
import { instantFeeUp } from '../src/math/instantFee.js';
import { deficitAfter } from '../src/math/standing.js';
import { effectiveOf } from '../src/stakeView.js';
import { big, type Text, vectors } from './vectors.js';

type Cases = {
  mulDiv: [string, string, string, Text, Text][];
  bps: [string, number, string, string][];
  instantFee: [number, number, string, string, string, Text][];
  books: {
    books: string[];
    shares: string;
    missed: string;
    gain: string;
    nav: Text;
    entryNav: Text;
    bought: [string, Text];
    worth: [string, Text, Text];
  }[];
  release: [string, string, string, string, string][];
  entitlement: [string, string, string, Text][];
  deficits: [before: number, own: number, mean: number, windows16: number, after: number][];
  effective: {
    stake: string;
    activated: string;
    deactivated: string;
    epoch: string;
    history: [string, string, string, string][];
    effective: string[];
  }[];
  rings: { next: string; ring: string[][]; rates: Text[][]; recent: Text[] }[];
};

const cases = vectors<Cases>('arithmetic');

describe('arithmetic', () => {
  it('multiplies and divides as the program does', () => {
    for (const [a, b, divisor, down, up] of cases.mulDiv) {
      const operands = [BigInt(a), BigInt(b), BigInt(divisor)] as const;
      expect(mulDivDown(...operands)).toBe(big(down));
      expect(mulDivUp(...operands)).toBe(big(up));
    }
    expect([mulDivDown(1n, 1n, 0n), mulDivUp(1n, 1n, 0n)]).toEqual([null, null]);
    expect(mulDivUp(U64_MAX, U64_MAX, U64_MAX)).toBe(U64_MAX);
  });

  it('takes basis points as the program does', () => {
    for (const [amount, bps, down, up] of cases.bps) {
      expect(bpsDown(BigInt(amount), bps)).toBe(big(down));
      expect(bpsUp(BigInt(amount), bps)).toBe(big(up));
    }
  });

  it('prices instant exits along the same curve', () => {
    for (const [minBps, maxBps, target, liquid, gross, fee] of cases.instantFee) {
      const curve = { minBps, maxBps, target: BigInt(target) };
      expect(instantFeeUp(curve, BigInt(liquid), BigInt(gross))).toBe(big(fee));
    }
  });

  it('values books as the program does', () => {
    for (const it of cases.books) {
      const [reserve, staked, pendingGain, pendingLoss, pendingFees, unreleased] = it.books.map(
        BigInt,
      ) as [bigint, bigint, bigint, bigint, bigint, bigint];
      const shares = BigInt(it.shares);
      const books = {
        reserve,
        staked,
        pendingGain,
        pendingLoss,
        pendingFees,
        unreleased,
        shares,
      };
      const [missed, gain] = [BigInt(it.missed), BigInt(it.gain)];
      expect(navOf(books)).toBe(big(it.nav));
      expect(entryNavOf(books, missed, gain)).toBe(big(it.entryNav));
      const [exit, entry] = [rateOf(navOf(books), shares), entryRateOf(books, missed, gain)];
      const bought = entry && sharesDown(entry, BigInt(it.bought[0]));
      expect(bought).toBe(big(it.bought[1]));
      const [amount, down, up] = it.worth;
      expect(exit && lamportsDown(exit, BigInt(amount))).toBe(big(down));
      expect(exit && lamportsUp(exit, BigInt(amount))).toBe(big(up));
    }
  });

  it('releases gains and splits batches as the program does', () => {
    for (const [locked, start, end, now, left] of cases.release) {
      const release = { locked: BigInt(locked), start: BigInt(start), end: BigInt(end) };
      expect(unreleasedUp(release, BigInt(now))).toBe(big(left));
    }
    for (const [ticket, settled, requested, entitled] of cases.entitlement) {
      const found = entitlementDown(BigInt(ticket), BigInt(settled), BigInt(requested));
      expect(found).toBe(big(entitled));
    }
  });

  it('sums up deficits as the program does', () => {
    for (const [before, own, mean, windows16, after] of cases.deficits) {
      expect(deficitAfter(before, own, mean, windows16)).toBe(after);
    }
  });

  it('warms stake up and cools it down as the stake program does', () => {
    for (const it of cases.effective) {
      const entries = it.history.map(([epoch, effective, activating, deactivating]) => ({
        epoch: BigInt(epoch),
        effective: BigInt(effective),
        activating: BigInt(activating),
        deactivating: BigInt(deactivating),
      }));
      const history = new Map(entries.map((entry) => [entry.epoch, entry]));
      const deactivated = BigInt(it.deactivated);
      const stake = {
        delegation: BigInt(it.stake),
        activationEpoch: BigInt(it.activated),
        deactivationEpoch: deactivated === U64_MAX ? null : deactivated,
      };
      const { effective, activating, deactivating } = effectiveOf(stake, BigInt(it.epoch), history);
      expect([effective, activating, deactivating], JSON.stringify(it)).toEqual(
        it.effective.map(BigInt),
      );
    }
  });

  it('reads histories of every kind as the Rust client does', () => {
    for (const it of cases.rings) {
      const empty = { epoch: 0n, unixTime: 0n, assetsLamports: 0n, shares: 0n };
      const ring = Array.from({ length: 64 }, (_, place) => {
        const [epoch, unixTime, assets, shares] = (it.ring[place] ?? []).map(BigInt);
        if (shares === undefined) return empty;
        return { epoch, unixTime, assetsLamports: assets, shares } as Pool['ring'][number];
      });
      const pool = { ring, ringNext: BigInt(it.next) };
      expect(
        rates(pool).map((rate) => [rate.epoch, rate.rateLamports, rate.growthPpb, rate.apyPpb]),
      ).toEqual(it.rates.map((rate) => rate.map(big)));
      const recent = [1, 5, 30, 64].map((epochs) => recentApyPpb(pool, epochs));
      expect(recent).toEqual(it.recent.map(big));
    }
  });
});
