import { type Page, test as base, expect } from '@playwright/test';

import { type SharedStage, sharedStage } from './globalSetup.js';
import { Chain } from './stage/chain.js';
import { ChainProxy } from './stage/proxy.js';
import { type Site, serveSite } from './stage/site.js';
import { TestWallet } from './wallet/testWallet.js';

/** What each test gets. */
export interface Actors {
  /** The pool and its cluster, shared by all tests. */
  stage: SharedStage;
  /** The chain as it is, past the proxy. */
  chain: Chain;
  /** Between this test's page and the cluster. */
  line: ChainProxy;
  /** The app, configured for this line. */
  site: Site;
  /** A wallet with new keys in this test's browser; empty until the test funds it. */
  wallet: TestWallet;
  /** What the page did wrong: uncaught errors, policy violations. Empty at the end of each test. */
  faults: string[];
  /** A page of the browser, watched for faults. */
  page: Page;
}

// Playwright reads the names in a fixture's first parameter, so it must be a pattern.
/* eslint-disable no-empty-pattern */
export const test = base.extend<Actors>({
  stage: async ({}, use) => use(sharedStage()),
  chain: async ({ stage }, use) => use(new Chain(stage.rpcUrl)),
  line: async ({ stage }, use) => {
    const line = await ChainProxy.start(stage);
    await use(line);
    await line.down();
  },
  site: async ({ stage, line }, use) => {
    const { rpcUrl: rpc, wsUrl: ws } = line;
    const site = await serveSite({ rpc, ws, mint: stage.mint });
    await use(site);
    await site.close();
  },
  wallet: async ({ context }, use) => use(await TestWallet.install(context)),
  faults: async ({}, use) => {
    const faults: string[] = [];
    await use(faults);
    expect(faults, 'the page throws nothing and breaks no policy').toEqual([]);
  },
  page: async ({ page, faults }, use) => {
    page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      if (/content security policy/i.test(text)) faults.push(text);
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await use(page);
  },
});

export { expect };
