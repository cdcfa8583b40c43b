import { address, getAddressEncoder, getProgramDerivedAddress } from '@solana/kit';
import { slotAddress, THAW_PROGRAM_ADDRESS } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { slotByBump } from './slots.js';

const POOL = address('SysvarC1ock11111111111111111111111111111111');
const VOTES = [
  address('Vote111111111111111111111111111111111111111'),
  address('SysvarRent111111111111111111111111111111111'),
  address('Stake11111111111111111111111111111111111111'),
];

describe('a slot’s address', () => {
  it('is the one that a search for the bump finds', async () => {
    const key = getAddressEncoder();
    for (const vote of VOTES) {
      for (const slot of [0, 1, 2]) {
        const [, bump] = await getProgramDerivedAddress({
          programAddress: THAW_PROGRAM_ADDRESS,
          seeds: ['stake', key.encode(POOL), key.encode(vote), Uint8Array.of(slot)],
        });
        const found = await slotByBump(POOL, vote, slot, bump);
        expect(found).toBe(await slotAddress({ pool: POOL }, vote, slot));
      }
    }
  });
});
