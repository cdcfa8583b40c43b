import { ExternalLink, Notice } from '../ui/index.js';

/** What to do where no wallet is installed. */
export function NoWallet() {
  return (
    <>
      <Notice kind="info" title="No wallet was found in this browser">
        A wallet keeps your keys and signs for you. Install one as an extension, or open this page
        in the browser inside your wallet’s app, then come back: it appears here by itself.
      </Notice>
      <p>
        Any wallet that follows the Wallet Standard works, for example{' '}
        <ExternalLink href="https://solflare.com">Solflare</ExternalLink>,{' '}
        <ExternalLink href="https://phantom.com">Phantom</ExternalLink> or{' '}
        <ExternalLink href="https://backpack.app">Backpack</ExternalLink>. You can look around
        without one.
      </p>
    </>
  );
}
