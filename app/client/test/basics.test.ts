import { readFileSync } from 'node:fs';
import { type Address, getAddressEncoder, getProgramDerivedAddress } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import {
  batchAddress,
  markerAddress,
  metadataAddress,
  poolAddresses,
  shareAccount,
  slotAddresses,
  slotAddressesByBump,
  splViewAddress,
  ticketAddress,
} from '../src/addresses.js';
import { THAW_PROGRAM_ADDRESS } from '../src/generated/index.js';
import { AmountError, formatSol, formatSolFull, parseSol } from '../src/amount.js';
import { formatDuration, refusalOf, RULES, ThawRefusal } from '../src/refusals.js';
import { big, type Text, vectors } from './vectors.js';

type Refusal = { code: number; rule: string; found: Text; allowed: Text; message: string };
type Basics = {
  addresses: (Record<string, string> & { slots: string[] })[];
  amounts: [string, Text, [string, string] | null][];
  shown: [string, string, string][];
  durations: [string, string][];
  rules: Refusal[];
  failures: { code: number; logs: string[]; refusal: Refusal; program: string | null }[];
};

const basics = vectors<Basics>('basics');

describe('addresses', () => {
  it('are those of the Rust client', async () => {
    for (const expected of basics.addresses) {
      const key = (name: string) => expected[name] as Address;
      const pool = await poolAddresses(key('mint'));
      for (const [name, address] of Object.entries(pool)) expect(address, name).toBe(key(name));
      const serial = BigInt(key('serial'));
      expect(await slotAddresses(pool, key('vote'))).toEqual(expected.slots);
      const bumps = await Promise.all(
        [0, 1, 2].map(async (slot) => {
          const [, bump] = await getProgramDerivedAddress({
            programAddress: THAW_PROGRAM_ADDRESS,
            seeds: [
              'stake',
              getAddressEncoder().encode(pool.pool),
              getAddressEncoder().encode(key('vote')),
              Uint8Array.of(slot),
            ],
          });
          return bump;
        }),
      );
      expect(await slotAddressesByBump(pool, key('vote'), bumps)).toEqual(expected.slots);
      expect(await markerAddress(pool, key('vote'))).toBe(key('marker'));
      expect(await metadataAddress(pool)).toBe(key('metadata'));
      expect(await splViewAddress(pool)).toBe(key('splView'));
      expect(await batchAddress(pool, serial)).toBe(key('batch'));
      expect(await ticketAddress(pool, key('owner'), serial)).toBe(key('ticket'));
      expect(await shareAccount(pool, key('owner'))).toBe(key('shares'));
    }
  });
});

describe('amounts', () => {
  it('are read as the Rust client reads them', () => {
    for (const [text, value, fault] of basics.amounts) {
      if (fault === null) {
        expect(parseSol(text)).toBe(big(value));
      } else {
        expect(() => parseSol(text), text).toThrow(new AmountError(fault[0] as 'malformed', text));
        expect(() => parseSol(text), text).toThrow(fault[1]);
      }
    }
  });

  it('are written as the Rust client writes them', () => {
    for (const [value, full, short] of basics.shown) {
      expect(formatSolFull(BigInt(value))).toBe(full);
      expect(formatSol(BigInt(value))).toBe(short);
      expect(parseSol(short)).toBe(BigInt(value));
    }
    expect(formatSol(-1_500_000_000n)).toBe('-1.5');
  });
});

describe('refusals', () => {
  it('have the words of the IDL, for each of its errors', () => {
    const file = new URL('../../../idls/thaw.json', import.meta.url);
    const idl = JSON.parse(readFileSync(file, 'utf8')) as {
      errors: { code: number; name: string; msg: string }[];
    };
    expect(RULES.length).toBe(idl.errors.length);
    for (const { code, name, msg } of idl.errors) {
      const refusal = ThawRefusal.ofCode(code);
      expect([refusal.rule, refusal.code]).toEqual([name, code]);
      expect(refusal.words).toBe(msg.replace(/\s*\\?\s*\n\s*/g, ' '));
      expect(refusal.words.length).toBeGreaterThan(10);
    }
  });

  it('say what the Rust client says', () => {
    for (const expected of basics.rules) {
      // Long messages keep the backslash with which the program's source wraps them.
      const message = expected.message.replace(' \\ ', ' ');
      expect(ThawRefusal.ofCode(expected.code).message).toBe(message);
    }
  });

  it('are read from what a transaction failed with', () => {
    for (const { code, logs, refusal, program } of basics.failures) {
      const found = refusalOf({ InstructionError: [1, { Custom: code }] }, logs);
      expect(found?.message).toBe(refusal.message);
      expect(found?.code).toBe(refusal.code);
      expect([found?.found, found?.allowed]).toEqual([big(refusal.found), big(refusal.allowed)]);
      expect(found?.program).toBe(program);
    }
  });

  it('tell durations in two units', () => {
    for (const [seconds, text] of basics.durations) {
      expect(formatDuration(BigInt(seconds))).toBe(text);
    }
  });
});
