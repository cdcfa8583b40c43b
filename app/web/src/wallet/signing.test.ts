import { describe, expect, it } from 'vitest';
import { isRejection, RejectedError, signerOf } from './signing.js';
import { testWallet } from './testWallet.js';

describe('a rejection', () => {
  it('is told by code, by words, and through what wraps it', () => {
    expect(isRejection({ code: 4001 })).toBe(true);
    expect(isRejection(new Error('Transaction declined by user'))).toBe(true);
    expect(isRejection(new Error('outer', { cause: new Error('User denied') }))).toBe(true);
    expect(isRejection(new RejectedError('no'))).toBe(true);
    expect(isRejection(new Error('the ledger is locked'))).toBe(false);
    expect(isRejection('rejected')).toBe(false);
    const loop = new Error('loop');
    loop.cause = loop;
    expect(isRejection(loop)).toBe(false);
  });
});

describe('a signer', () => {
  it('signs and returns, or signs and sends, as the wallet can', async () => {
    const [one, two] = await Promise.all([
      testWallet('One'),
      testWallet('Two', ['solana:signAndSendTransaction']),
    ]);
    const signs = signerOf(one.wallet, one.account, 'solana:devnet');
    expect([signs.sign !== null, signs.signAndSend !== null]).toEqual([true, false]);
    expect(signs.versions).toEqual(['legacy', 0]);
    const sends = signerOf(two.wallet, two.account, 'solana:devnet');
    expect([sends.sign !== null, sends.signAndSend !== null]).toEqual([false, true]);
    const watched = signerOf(one.wallet, { ...one.account, features: [] }, 'solana:devnet');
    expect([watched.sign, watched.signAndSend], 'an account that only watches').toEqual([
      null,
      null,
    ]);
  });

  it('tells a rejection from a failure', async () => {
    const { wallet, account, mood } = await testWallet('One');
    const { sign } = signerOf(wallet, account, 'solana:devnet');
    mood.rejects = true;
    await expect(sign?.([new Uint8Array()])).rejects.toThrow(RejectedError);
    mood.rejects = false;
    mood.throws = new Error('no device');
    await expect(sign?.([new Uint8Array()])).rejects.toThrow('no device');
  });

  it('asks once for several, and wants all of them back', async () => {
    const { wallet, account } = await testWallet('One');
    const inputs: number[] = [];
    const short = {
      ...wallet,
      features: {
        ...wallet.features,
        'solana:signTransaction': {
          supportedTransactionVersions: [0],
          signTransaction: async (...given: unknown[]) => {
            inputs.push(given.length);
            return [{ signedTransaction: Uint8Array.of(1) }];
          },
        },
      },
    };
    const { sign } = signerOf(short, account, 'solana:devnet');
    await expect(sign?.([new Uint8Array(), new Uint8Array()])).rejects.toThrow('every transaction');
    expect(inputs).toEqual([2]);
  });
});
