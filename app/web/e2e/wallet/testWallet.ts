import { getAddressEncoder } from '@solana/kit';
import type { BrowserContext, Page } from '@playwright/test';

import type { Key } from '../stage/key.js';
import { type PageWalletOptions, installWallet } from './page.js';

/** What the app lists the wallet as. */
export const WALLET_NAME = 'Test Wallet';
/** PKCS #8 in front of the 32 bytes of an Ed25519 key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A wallet in the browser whose keys and moods the test has in hand. */
export class TestWallet {
  private constructor(
    /** Its accounts; the first is shared when the app connects. */
    readonly keys: readonly Key[],
  ) {}

  /** Puts a wallet with these keys into every page of `context`. */
  static async install(context: BrowserContext, keys: readonly Key[]): Promise<TestWallet> {
    const options: PageWalletOptions = {
      name: WALLET_NAME,
      privateKeys: keys.map(({ seed }) => Buffer.concat([PKCS8_HEAD, seed]).toString('base64')),
      accounts: keys.map(({ signer, address }) => ({
        address,
        publicKey: Buffer.from(getAddressEncoder().encode(signer.address)).toString('base64'),
      })),
    };
    await context.addInitScript(installWallet, options);
    return new TestWallet(keys);
  }

  /** The account that the app sees first. */
  get key(): Key {
    const [first] = this.keys;
    if (first === undefined) throw new Error('the wallet has no keys');
    return first;
  }

  get address(): string {
    return this.key.address;
  }

  /** The user turns the next request down. */
  async rejectNext(page: Page): Promise<void> {
    await page.evaluate(() => {
      if (window.thawTestWallet) window.thawTestWallet.rejections = 1;
    });
  }

  /** The user thinks for so long before signing. */
  async think(page: Page, milliseconds: number): Promise<void> {
    await page.evaluate((delay) => {
      if (window.thawTestWallet) window.thawTestWallet.delayMs = delay;
    }, milliseconds);
  }

  /** The user takes another account in the wallet; `null`: takes all back. */
  async use(page: Page, account: number | null): Promise<void> {
    await page.evaluate((place) => window.thawTestWallet?.use(place), account);
  }

  /** How often it has signed. */
  async signed(page: Page): Promise<number> {
    return page.evaluate(() => window.thawTestWallet?.signed ?? 0);
  }
}
