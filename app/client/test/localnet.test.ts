import {
  address,
  createSolanaRpc,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  type Instruction,
  type KeyPairSigner,
  lamports,
  signTransactionMessageWithSigners,
} from '@solana/kit';
import { fetchMaybeToken } from '@solana-program/token';
import { describe, expect, it } from 'vitest';
import * as thaw from '../src/index.js';

// Runs against a local network that is up, such as `thaw-story --epoch-seconds 30`:
//   THAW_RPC=http://127.0.0.1:8899 THAW_MINT=<mint> npx vitest run --project client test/localnet
const { THAW_RPC: url, THAW_MINT: mint } = process.env;
const TRIES = 5;

describe.skipIf(url === undefined || mint === undefined)('on a local network', () => {
  const rpc = createSolanaRpc(url ?? 'http://127.0.0.1:8899');

  const land = async (payer: KeyPairSigner, instructions: Instruction[]) => {
    const { message } = await thaw.prepareTransaction(rpc, { feePayer: payer, instructions });
    const signed = await signTransactionMessageWithSigners(message);
    const wire = getBase64EncodedWireTransaction(signed);
    const signature = getSignatureFromTransaction(signed);
    await rpc.sendTransaction(wire, { encoding: 'base64', skipPreflight: true }).send();
    for (let wait = 0; wait < 200; wait += 1) {
      const { value } = await rpc.getSignatureStatuses([signature]).send();
      const [status] = value;
      if (status?.err) throw thaw.refusalOf(status.err) ?? new Error(String(status.err));
      if (status?.confirmationStatus && status.confirmationStatus !== 'processed') return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the transaction did not land');
  };

  const wallet = async (addresses: thaw.PoolAddresses) => {
    const owner = await generateKeyPairSigner();
    await rpc.requestAirdrop(owner.address, lamports(500n * thaw.UNIT)).send();
    const sol = async () => {
      const { value } = await rpc.getBalance(owner.address, { commitment: 'confirmed' }).send();
      return BigInt(value);
    };
    while ((await sol()) === 0n) await new Promise((resolve) => setTimeout(resolve, 100));
    const account = await thaw.shareAccount(addresses, owner.address);
    const shares = async () => {
      const token = await fetchMaybeToken(rpc, account, { commitment: 'confirmed' });
      return token.exists ? token.data.amount : 0n;
    };
    return { owner, sol, shares };
  };

  /** Runs until nobody else wrote the pool meanwhile, so that the quote can be asked for again. */
  const alone = async (
    addresses: thaw.PoolAddresses,
    act: (before: thaw.PoolState) => Promise<(after: thaw.PoolState, now: bigint) => void>,
  ) => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await thaw.fetchPoolState(rpc, addresses);
      const check = await act(before);
      const after = await thaw.fetchPoolState(rpc, addresses);
      // The handler stamps the pool with the time at which it ran.
      if (after.clock.epoch === before.clock.epoch) return check(after, after.pool.updatedAt);
    }
    throw new Error('the epochs are too short');
  };

  it('pays what it quoted, and its books match the chain', { timeout: 120_000 }, async () => {
    const addresses = await thaw.findPool(rpc, address(mint ?? ''));
    const { owner, sol, shares } = await wallet(addresses);
    const snapshot = await thaw.fetchSnapshot(rpc, addresses);
    expect(thaw.verify(snapshot.state, snapshot.validators).isCovered).toBe(true);

    await alone(addresses, async (state) => {
      const amount = 12_345_678_901n;
      const held = await shares();
      await land(owner, await thaw.depositSol({ state, owner, lamports: amount, minOut: 1n }));
      const got = (await shares()) - held;
      return (_, now) => expect(got).toBe(thaw.quoteDeposit(state, amount, now).shares);
    });

    await alone(addresses, async (state) => {
      const amount = thaw.UNIT / 10n;
      const held = await sol();
      const instructions = await thaw.withdrawInstant({ state, owner, shares: amount, minOut: 1n });
      await land(owner, instructions);
      const got = (await sol()) - held + thaw.SIGNATURE_LAMPORTS;
      return (_, now) => expect(got).toBe(thaw.quoteInstant(state, amount, now).net);
    });

    const state = await thaw.fetchPoolState(rpc, addresses);
    const nonce = thaw.newNonce();
    await land(
      owner,
      await thaw.requestWithdrawal({ state, owner, shares: 3n * thaw.UNIT, nonce }),
    );
    const [ticket] = await thaw.fetchTickets(rpc, addresses, owner.address);
    expect(ticket?.address).toBe(await thaw.ticketAddress(addresses, owner.address, nonce));
    expect(ticket).toMatchObject({ openShares: 3n * thaw.UNIT, isClaimable: false });

    const greedy = await thaw.depositSol({
      state,
      owner,
      lamports: thaw.UNIT,
      minOut: 2n * thaw.UNIT,
    });
    await expect(land(owner, greedy)).rejects.toMatchObject({ rule: 'SlippageExceeded' });
  });

  it('gives active stake and takes it back', { timeout: 120_000 }, async () => {
    const addresses = await thaw.findPool(rpc, address(mint ?? ''));
    const { owner, shares } = await wallet(addresses);
    const first = await thaw.fetchPoolState(rpc, addresses);
    const enter = { state: first, owner, lamports: 80n * thaw.UNIT, minOut: 1n };
    await land(owner, await thaw.depositSol(enter));
    // Once it is staked, a large request leaves the validators above their targets.
    let state = first;
    while (state.pool.epoch < first.clock.epoch + 2n) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      state = await thaw.fetchPoolState(rpc, addresses);
    }
    const nonce = thaw.newNonce();
    const request = { state, owner, shares: 60n * thaw.UNIT, nonce };
    await land(owner, await thaw.requestWithdrawal(request));
    const snapshot = await thaw.fetchSnapshot(rpc, addresses);
    const { validators } = snapshot;
    state = snapshot.state;
    const amount = 2n * thaw.UNIT;
    const quote = thaw.quoteWithdraw(state, amount).stake;
    if (thaw.isRefusal(quote)) throw quote;
    const validator = thaw.stakeSource(state, validators, quote.lamports);
    if (validator === null) throw new Error('no validator is above its target');
    const seed = thaw.newStakeSeed();
    const minOut = thaw.leastOf(quote.lamports, 50);
    await land(
      owner,
      await thaw.withdrawStake({ state, owner, validator, shares: amount, minOut, seed }),
    );
    const [account] = await thaw.fetchStakeAccounts(rpc, owner.address);
    expect(account?.address).toBe(await thaw.newStakeAddress(owner.address, seed));
    expect(account?.effective.effective).toBeGreaterThanOrEqual(minOut);
    if (account === undefined) throw new Error('no stake account');

    // More SOL raises the targets, and so makes room.
    await land(owner, await thaw.depositSol({ ...enter, lamports: 300n * thaw.UNIT }));
    const again = await thaw.fetchSnapshot(rpc, addresses);
    const fit = thaw.stakeEligibility(again.state, again.validators, account);
    if (!fit.eligible) throw new Error(fit.reason);
    const held = await shares();
    const back = thaw.quoteStakeDeposit(again.state, account.lamports);
    const least = thaw.leastOf(back.shares, 50);
    await land(
      owner,
      await thaw.depositStake({
        state: again.state,
        owner,
        account,
        validator: fit.validator,
        minOut: least,
      }),
    );
    expect((await shares()) - held).toBeGreaterThanOrEqual(least);
  });
});
