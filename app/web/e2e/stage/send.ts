import {
  type Instruction,
  type KeyPairSigner,
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  appendTransactionMessageInstructions,
  createSolanaRpc,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  isSolanaError,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from '@solana/kit';

/** How long a transaction may take, milliseconds. */
const PATIENCE_MS = 30_000;
/** While rewards are paid: the stake program's `EpochRewardsActive`, and what an SPL stake pool says. */
const REWARDS_ACTIVE: readonly number[] = [16, 43];

/**
 * Signs with `payer` and whoever the instructions bring along, sends, and waits until it is
 * confirmed. While an epoch's rewards are paid the stake program and SPL stake pools refuse
 * everything: it is tried again until they are.
 *
 * @throws When it is refused for another reason, or not confirmed in half a minute.
 */
export async function send(
  rpcUrl: string,
  payer: KeyPairSigner,
  instructions: readonly Instruction[],
): Promise<void> {
  for (const began = Date.now(); ;) {
    try {
      return await sendOnce(rpcUrl, payer, instructions);
    } catch (error) {
      if (!isLocked(error) || Date.now() - began > PATIENCE_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function sendOnce(
  rpcUrl: string,
  payer: KeyPairSigner,
  instructions: readonly Instruction[],
): Promise<void> {
  const rpc = createSolanaRpc(rpcUrl);
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
    if (value[0]?.err) throw new Error(`refused: ${JSON.stringify(value[0].err)}`);
    if (value[0]?.confirmationStatus && value[0].confirmationStatus !== 'processed') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('a transaction was not confirmed in time');
}

function isLocked(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    isSolanaError(cause, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM) &&
    REWARDS_ACTIVE.includes(cause.context.code)
  );
}
