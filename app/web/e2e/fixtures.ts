import { readFileSync } from 'node:fs';

import { type Page, test as base, expect } from '@playwright/test';

import { App } from './app.js';
import { type SharedStage, sharedStage } from './globalSetup.js';
import { Chain } from './stage/chain.js';
import { type Key, keyOf, newKey } from './stage/key.js';
import { ChainProxy } from './stage/proxy.js';
import { type Site, serveSite } from './stage/site.js';
import { TestWallet } from './wallet/testWallet.js';

/** What each test gets. */
export interface Actors {
  /** Whose key the wallet holds: somebody's without anything, or the stage's resident's. */
  holder: 'newcomer' | 'resident';
  /** The pool and its cluster, shared by all tests. */
  stage: SharedStage;
  /** The chain as it is, past the line. */
  chain: Chain;
  /** The line between this test's page and the cluster. */
  line: ChainProxy;
  /** The app, configured for this test's line. */
  site: Site;
  /** A wallet in this test's browser. */
  wallet: TestWallet;
  /** What the page did wrong: uncaught errors, policy violations. Empty at the end of each test. */
  faults: string[];
  /** A page of the browser, watched for faults. */
  page: Page;
  /** The app in that page. */
  app: App;
}

// Playwright reads the names in a fixture's first parameter, so it must be a pattern.
/* eslint-disable no-empty-pattern */
export const test = base.extend<Actors>({
  holder: ['newcomer', { option: true }],
  stage: async ({}, use) => use(sharedStage()),
  chain: async ({ stage }, use) => use(new Chain(stage.rpcUrl)),
  line: async ({ stage }, use) => {
    const line = await ChainProxy.start(stage);
    await use(line);
    await line.close();
  },
  site: async ({ stage, line }, use) => {
    const { rpcUrl: rpc, wsUrl: ws } = line;
    const site = await serveSite({ rpc, ws, mint: stage.mint });
    await use(site);
    await site.close();
  },
  wallet: async ({ context, holder, stage }, use) => {
    const first = holder === 'newcomer' ? await newKey() : await residentKey(stage);
    await use(await TestWallet.install(context, [first, await newKey()]));
  },
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
  app: async ({ page, site, wallet }, use) => use(new App(page, site.url, wallet)),
});

/** The resident's wallet, from its key file. */
function residentKey(stage: SharedStage): Promise<Key> {
  const bytes = JSON.parse(readFileSync(stage.keys.resident, 'utf8')) as number[];
  return keyOf(new Uint8Array(bytes.slice(0, 32)));
}

export { expect };
