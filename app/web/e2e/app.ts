import { type Locator, type Page, expect } from '@playwright/test';

import { type TestWallet, WALLET_NAME } from './wallet/testWallet.js';

/** The pages of the app, by their address; the first is the start page. */
export const ROUTES = [
  'stake',
  'unstake',
  'tickets',
  'portfolio',
  'migrate',
  'pool',
  'validators',
  'verify',
  'risks',
] as const;

/** A page of the app. */
export type Route = (typeof ROUTES)[number];

/** What the dialog says before the end. */
const UNDER_WAY = /^(Preparing|Approve|Sending|Sent)/;
/** Refusals that pass when the epoch is a little older. */
const SOON = /RewardsWindow|NotFinalized|StaleExitCapReached|WrongBatch|not updated in this epoch/;

/** The app as its user sees it. */
export class App {
  constructor(
    readonly page: Page,
    readonly url: string,
    private readonly wallet: TestWallet,
  ) {}

  /** Opens a page from outside and waits until it has all its figures. */
  async open(route: Route): Promise<void> {
    await this.page.goto(`${this.url}#/${route}`);
    await this.settled();
  }

  /** Opens a page and connects the wallet. */
  async openConnected(route: Route): Promise<void> {
    await this.open(route);
    await this.connect();
  }

  /** Goes to a page by its address, without loading the app anew. */
  async go(route: Route): Promise<void> {
    await this.page.evaluate((hash) => void (window.location.hash = hash), `/${route}`);
    await this.settled();
  }

  /** Waits until nothing is a placeholder any more. */
  async settled(): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(this.page.locator('[class*="skeleton"], main [aria-busy="true"]')).toHaveCount(0);
  }

  /** Connects the wallet by the button on top. */
  async connect(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: WALLET_NAME }).click();
    await expect(this.walletButton).toBeVisible();
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
    await this.settled();
  }

  /** The button that shows which account is connected. */
  get walletButton(): Locator {
    const { address } = this.wallet;
    const name = new RegExp(`${address.slice(0, 4)}.*${address.slice(-4)}`);
    return this.page.getByRole('banner').getByRole('button', { name });
  }

  get amount(): Locator {
    return this.page.getByRole('main').getByRole('textbox', { name: 'Amount' });
  }

  /** A button of the page itself. */
  button(name: string | RegExp): Locator {
    return this.page.getByRole('main').getByRole('button', { name, exact: true });
  }

  /** Chooses a radio button as a mouse does: by its label, which covers it. */
  async choose(name: string): Promise<void> {
    const radio = this.page.getByRole('radio', { name, exact: true });
    await this.page.locator('label').filter({ has: radio }).click();
    await expect(radio).toBeChecked();
  }

  /** The dialog that draws a transaction. */
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** The sentence that says where the transaction stands. */
  get outcome(): Locator {
    return this.dialog.getByRole('status').first();
  }

  /** By how many pixels the page is wider than the screen; 0 where nothing scrolls sideways. */
  async overflow(): Promise<number> {
    return this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  }

  /**
   * Waits until the transaction went through, and closes its dialog. An epoch takes seconds here, so
   * what is closed for its first minutes is tried again, as the dialog offers.
   */
  async done(): Promise<void> {
    const ended = this.outcome.filter({ hasNotText: UNDER_WAY });
    await expect(ended).toBeVisible({ timeout: 40_000 });
    for (let tries = 0; tries < 30 && (await this.dialog.innerText()).match(SOON); tries += 1) {
      await this.page.waitForTimeout(500);
      await this.dialog.getByRole('button', { name: 'Try again' }).click();
      await expect(ended).toBeVisible({ timeout: 40_000 });
    }
    await expect(this.outcome).toContainText('Done.');
    await this.dialog.getByRole('button', { name: 'Close' }).first().click();
    await expect(this.dialog).toHaveCount(0);
  }
}
