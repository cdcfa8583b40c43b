import {
  type Address,
  address,
  appendTransactionMessageInstructions,
  createSolanaRpc,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from '@solana/kit';
import {
  STAKE_PROGRAM_ADDRESS,
  getDelegateStakeInstruction,
  getInitializeInstruction,
} from '@solana-program/stake';
import { getCreateAccountInstruction } from '@solana-program/system';

import type { Key } from './key.js';

/** Bytes of a stake account. */
const STAKE_BYTES = 200n;
/** How long a transaction may take, milliseconds. */
const PATIENCE_MS = 30_000;

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
  const rpc = createSolanaRpc(rpcUrl);
  const stake = await generateKeyPairSigner();
  const rent = await rpc.getMinimumBalanceForRentExemption(STAKE_BYTES).send();
  const { signer } = owner;
  const instructions = [
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
      arg1: { unixTimestamp: 0n, epoch: 0n, custodian: signer.address },
    }),
    getDelegateStakeInstruction({
      stake: stake.address,
      vote: address(vote),
      stakeAuthority: signer,
    }),
  ];
  const { value: lifetime } = await rpc.getLatestBlockhash({ commitment: 'confirmed' }).send();
  const signed = await pipe(
    createTransactionMessage({ version: 0 }),
    (message) => setTransactionMessageFeePayerSigner(signer, message),
    (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
    (message) => appendTransactionMessageInstructions(instructions, message),
    (message) => signTransactionMessageWithSigners(message),
  );
  const wire = getBase64EncodedWireTransaction(signed);
  await rpc.sendTransaction(wire, { encoding: 'base64' }).send();
  const signature = getSignatureFromTransaction(signed);
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS;) {
    const { value } = await rpc.getSignatureStatuses([signature]).send();
    if (value[0]?.err) throw new Error(`staking failed: ${JSON.stringify(value[0].err)}`);
    if (value[0]?.confirmationStatus && value[0].confirmationStatus !== 'processed') {
      return stake.address;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('staking was not confirmed in time');
}
