import {
  type Address,
  type Instruction,
  type KeyPairSigner,
  type Rpc,
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  type SolanaRpcApi,
  address,
  appendTransactionMessageInstructions,
  createSolanaRpc,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  isSolanaError,
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

/** Custodian of an account without lock-up, as the pool wants it. */
const NOBODY = address('11111111111111111111111111111111');
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
      arg1: { unixTimestamp: 0n, epoch: 0n, custodian: NOBODY },
    }),
    getDelegateStakeInstruction({
      stake: stake.address,
      vote: address(vote),
      stakeAuthority: signer,
    }),
  ];
  for (const began = Date.now(); ;) {
    try {
      await send(rpc, signer, instructions);
      return stake.address;
    } catch (error) {
      // While an epoch's rewards are paid the stake program refuses everything.
      if (!isLocked(error) || Date.now() - began > PATIENCE_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** True for the stake program's `EpochRewardsActive`. */
function isLocked(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return isSolanaError(cause, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM) && cause.context.code === 16;
}

/** Sends and waits until it is confirmed. */
async function send(
  rpc: Rpc<SolanaRpcApi>,
  payer: KeyPairSigner,
  instructions: readonly Instruction[],
): Promise<void> {
  const { value: lifetime } = await rpc.getLatestBlockhash({ commitment: 'confirmed' }).send();
  const signed = await pipe(
    createTransactionMessage({ version: 0 }),
    (message) => setTransactionMessageFeePayerSigner(payer, message),
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
    if (value[0]?.confirmationStatus && value[0].confirmationStatus !== 'processed') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('staking was not confirmed in time');
}
