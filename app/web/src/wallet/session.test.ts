import { getWallets } from '@wallet-standard/app';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WalletSession, type LastWallet } from './session.js';
import { chainIdOf } from './standard.js';
import { testWallet } from './testWallet.js';

const unregister: (() => void)[] = [];
const register = (...wallets: Parameters<ReturnType<typeof getWallets>['register']>) =>
  unregister.push(getWallets().register(...wallets));

afterEach(() => {
  for (const leave of unregister.splice(0)) leave();
});

function memory(name: string | null = null): LastWallet & { name: string | null } {
  return {
    name,
    get() {
      return this.name;
    },
    set(next) {
      this.name = next;
    },
  };
}

/** A session that is looked at. */
function session(last = memory()) {
  const made = new WalletSession('solana:devnet', last);
  made.subscribe(() => undefined);
  return { made, last };
}

describe('wallets', () => {
  it('go by the name of devnet on a local network', () => {
    expect(chainIdOf('localnet')).toBe('solana:devnet');
    expect(chainIdOf('mainnet-beta')).toBe('solana:mainnet');
  });

  it('are listed where they sign for the chain, each once, also when they come late', async () => {
    const [one, again, other, mute] = await Promise.all([
      testWallet('One'),
      testWallet('One'),
      testWallet('Other', ['solana:signTransaction'], ['solana:mainnet']),
      testWallet('Mute', []),
    ]);
    register(one.wallet, other.wallet, mute.wallet);
    const { made } = session();
    const names = () => made.state().wallets.map(({ name }) => name);
    expect(names()).toEqual(['One']);
    const late = await testWallet('Late', ['solana:signAndSendTransaction']);
    register(again.wallet, late.wallet);
    expect(names()).toEqual(['One', 'Late']);
  });
});

describe('a session', () => {
  it('connects, follows the account, and forgets the wallet when told to', async () => {
    const { wallet, account, change } = await testWallet('One');
    register(wallet);
    const { made, last } = session();
    const connecting = made.connect(wallet);
    expect(made.state()).toMatchObject({ status: 'connecting', wallet: { name: 'One' } });
    await connecting;
    expect(made.state()).toMatchObject({ status: 'connected', account });
    expect(last.name).toBe('One');
    const second = { ...account, address: 'second' };
    change([second]);
    expect(made.state().account).toBe(second);
    await made.disconnect();
    expect(made.state()).toMatchObject({ status: 'disconnected', wallet: null, account: null });
    expect(last.name).toBeNull();
    change([account]);
    expect(made.state().status, 'a wallet that was left').toBe('disconnected');
  });

  it('ends when the wallet takes its accounts away', async () => {
    const { wallet, change } = await testWallet('One');
    register(wallet);
    const { made } = session();
    await made.connect(wallet);
    change([]);
    expect(made.state().status).toBe('disconnected');
  });

  it('says why it could not connect', async () => {
    const { wallet, mood } = await testWallet('One');
    register(wallet);
    const { made } = session();
    mood.rejects = true;
    await made.connect(wallet);
    expect(made.state()).toMatchObject({ status: 'disconnected', account: null });
    expect(made.state().error).toBe('One was not allowed to connect.');
    mood.rejects = false;
    mood.throws = new Error('locked');
    await made.connect(wallet);
    expect(made.state().error).toBe('One could not connect: locked');
    const main = await testWallet('Main', ['solana:signTransaction'], ['solana:mainnet']);
    await made.connect(main.wallet);
    expect(made.state().error).toMatch(/no account for this network/);
  });

  it('resumes the last wallet silently, also one that registers late, and only once', async () => {
    const { wallet, account } = await testWallet('One');
    const { made } = session(memory('One'));
    expect(made.state().status).toBe('disconnected');
    register(wallet);
    await vi.waitFor(() => expect(made.state()).toMatchObject({ status: 'connected', account }));
    await made.disconnect();
    register((await testWallet('Another')).wallet);
    expect(made.state().status).toBe('disconnected');
  });

  it('stays quiet where the wallet does not know the site any more', async () => {
    const { wallet, mood } = await testWallet('One');
    mood.isStrange = true;
    register(wallet);
    const { made } = session(memory('One'));
    await vi.waitFor(() => expect(made.state().status).toBe('disconnected'));
    expect(made.state().error).toBeNull();
  });

  it('drops the answer of a wallet that was left meanwhile', async () => {
    const [slow, quick] = await Promise.all([testWallet('Slow'), testWallet('Quick')]);
    register(slow.wallet, quick.wallet);
    const { made } = session();
    const first = made.connect(slow.wallet);
    const second = made.connect(quick.wallet);
    await Promise.all([first, second]);
    expect(made.state()).toMatchObject({ wallet: { name: 'Quick' }, account: quick.account });
  });
});
