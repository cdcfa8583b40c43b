import { type Address, address, createSolanaRpc, generateKeyPairSigner } from '@solana/kit';
import {
  STAKE_PROGRAM_ADDRESS,
  getDelegateStakeInstruction,
  getInitializeInstruction,
} from '@solana-program/stake';
import { getCreateAccountInstruction } from '@solana-program/system';

import type { Key } from './key.js';
import { send } from './send.js';

/** Bytes of a stake account. */
export const STAKE_BYTES = 200n;
/** No lock-up, as pools want it. */
export const NO_LOCKUP = {
  unixTimestamp: 0n,
  epoch: 0n,
  custodian: address('11111111111111111111111111111111'),
};

/**
 * Stakes `lamports` of `owner` with the validator of `vote`, without a pool, and returns the stake
 * account. It is active from the next epoch on.
 */
export async function stakeNatively(
  rpcUrl: string,
  owner: Key,
  vote: string,
  lamports: bigint,
): Promise<Address> {
  const stake = await generateKeyPairSigner();
  const rent = await createSolanaRpc(rpcUrl).getMinimumBalanceForRentExemption(STAKE_BYTES).send();
  const { signer } = owner;
  await send(rpcUrl, signer, [
    getCreateAccountInstruction({
      payer: signer,
      newAccount: stake,
      lamports: rent + lamports,
      space: STAKE_BYTES,
      programAddress: STAKE_PROGRAM_ADDRESS,
    }),
    getInitializeInstruction({
      stake: stake.address,
      arg0: { staker: signer.address, withdrawer: signer.address },
      arg1: NO_LOCKUP,
    }),
    getDelegateStakeInstruction({
      stake: stake.address,
      vote: address(vote),
      stakeAuthority: signer,
    }),
  ]);
  return stake.address;
}
