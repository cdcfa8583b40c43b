import { createHash } from 'node:crypto';
import { address, getAddressEncoder } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import {
  ProgramError,
  compareHash,
  programHash,
  readProgram,
  readProgramData,
  trimZeros,
} from './program.js';

const bytes = (text: string) => new TextEncoder().encode(text);
/** `printf abc | sha256sum` */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('a program’s hash', () => {
  it('does not count zeros at the end', async () => {
    expect(await programHash(bytes('abc'))).toBe(ABC);
    expect(await programHash(bytes('abc\0\0'))).toBe(ABC);
    expect(await programHash(bytes('\0abc'))).not.toBe(ABC);
    expect(await programHash(bytes(''))).toBe(createHash('sha256').digest('hex'));
    expect(trimZeros(new Uint8Array(9))).toHaveLength(0);
    expect([...trimZeros(Uint8Array.of(0, 1, 0, 2, 0))]).toEqual([0, 1, 0, 2]);
  });

  it('is compared with what was pasted', () => {
    expect(compareHash(' ', ABC)).toBe('none');
    expect(compareHash('abc', ABC)).toBe('no-hash');
    expect(compareHash(`SHA-256  ${ABC.toUpperCase()}  target/deploy/thaw.so`, ABC)).toBe('same');
    expect(compareHash(ABC.replace('b', 'c'), ABC)).toBe('different');
    expect(compareHash(`${ABC}0`, ABC)).toBe('no-hash');
  });
});

describe('the loader’s accounts', () => {
  const key = address('SysvarC1ock11111111111111111111111111111111');
  const words = (...values: number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];

  it('name the data account, the slot and the authority', () => {
    const named = getAddressEncoder().encode(key);
    expect(readProgram(Uint8Array.from([...words(2), ...named]))).toBe(key);
    const head = [...words(3, 7, 1)];
    const data = readProgramData(Uint8Array.from([...head, 1, ...named]));
    expect(data).toEqual({ deployedSlot: 7n + (1n << 32n), upgradeAuthority: key });
    const final = readProgramData(Uint8Array.from([...head, 0, ...named]));
    expect(final.upgradeAuthority).toBeNull();
  });

  it('are refused where they are something else', () => {
    expect(() => readProgram(Uint8Array.from(words(1)))).toThrow(ProgramError);
    expect(() => readProgram(new Uint8Array(36))).toThrow(ProgramError);
    expect(() => readProgramData(new Uint8Array(45))).toThrow('closed');
  });
});
