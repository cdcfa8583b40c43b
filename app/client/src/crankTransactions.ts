import { AccountRole, type Address, type Instruction } from '@solana/kit';
import { splViewAddress } from './addresses.js';
import {
  getFinalizeEpochInstruction,
  getRefreshSplViewInstruction,
  getSyncValidatorsInstruction,
} from './generated/index.js';
import type { PoolState } from './pool.js';
import { isHeldSlot } from './records.js';
import type { ValidatorView } from './validators.js';
import { signerOf, type WalletFlow } from './wallets.js';

/** Stake slots that one sync has room for in a transaction of 1,232 bytes. */
export const SLOTS_PER_SYNC = 25;

/**
 * Books every validator that holds stake and is not booked in this epoch: one instruction for each
 * transaction. Anyone may send them.
 */
export async function syncValidators(input: {
  state: Pick<PoolState, 'addresses' | 'clock'>;
  validators: readonly ValidatorView[];
}): Promise<Instruction[]> {
  const { addresses, clock } = input.state;
  const instructions: Instruction[] = [];
  let entries: { index: number; slots: number }[] = [];
  let keys: Address[] = [];
  const flush = () => {
    if (entries.length === 0) return;
    const { pool, validators } = addresses;
    const sync = getSyncValidatorsInstruction({ pool, validators, entries });
    const slots = keys.map((address) => ({ address, role: AccountRole.READONLY }));
    instructions.push({ ...sync, accounts: [...sync.accounts, ...slots] });
    [entries, keys] = [[], []];
  };
  for (const { index, record, slots } of input.validators) {
    if (record.bookedEpoch === clock.epoch) continue;
    const held = slots.filter((_, place) => {
      const slot = record.slots[place];
      return slot !== undefined && isHeldSlot(slot);
    });
    if (held.length === 0) continue;
    if (keys.length + held.length > SLOTS_PER_SYNC) flush();
    entries.push({ index, slots: held.length });
    keys.push(...held.map(({ address }) => address));
  }
  flush();
  return instructions;
}

/** Folds the epoch into the rate, once every validator is booked. Anyone may send it. */
export async function finalizeEpoch(input: {
  state: Pick<PoolState, 'addresses'>;
}): Promise<Instruction[]> {
  const { pool, reserve } = input.state.addresses;
  return [getFinalizeEpochInstruction({ pool, reserve })];
}

/**
 * Brings the pool's view for readers of SPL stake pools up to date, or opens it, once the pool is
 * finalized in the current epoch. Anyone may send it; the first one pays the rent.
 */
export async function refreshSplView(input: WalletFlow): Promise<Instruction[]> {
  const { addresses } = input.state;
  const view = await splViewAddress(addresses);
  const payer = signerOf(input.owner);
  return [getRefreshSplViewInstruction({ pool: addresses.pool, view, payer })];
}
