import { describe, expect, it } from 'vitest';
import { readSettings, DEFAULTS } from './settings.js';
import { CLUSTER_NAMES, clusterName, readSite, SiteError, type Cluster } from './site.js';

const SITE = {
  cluster: 'localnet',
  genesis: 'Gen1111111111111111111111111111111111111111',
  rpc: 'http://127.0.0.1:8899',
  ws: 'ws://127.0.0.1:8900',
  mint: 'So11111111111111111111111111111111111111112',
  name: 'Thawed SOL',
  symbol: 'thSOL',
};

describe('config.json', () => {
  it('is read', () => {
    expect(readSite(SITE)).toEqual(SITE);
  });

  it('knows the public clusters by their first blocks', () => {
    for (const cluster of ['devnet', 'testnet', 'mainnet-beta']) {
      const { genesis } = readSite({ ...SITE, cluster, genesis: undefined });
      expect(genesis).not.toBe(SITE.genesis);
      expect(clusterName(genesis ?? '')).toBe(CLUSTER_NAMES[cluster as Cluster]);
    }
    expect(clusterName(SITE.genesis)).toBeNull();
    expect(readSite({ ...SITE, genesis: undefined }).genesis, 'a local network').toBeNull();
  });

  it.each([
    [null, /not an object/],
    [{ ...SITE, cluster: 'moon' }, /cluster/],
    [{ ...SITE, rpc: 'javascript:alert(1)' }, /rpc/],
    [{ ...SITE, ws: 'http://127.0.0.1' }, /ws/],
    [{ ...SITE, mint: '' }, /mint/],
    [{ ...SITE, mint: 'nothing' }, /mint/],
    [{ ...SITE, symbol: 5 }, /symbol/],
    [{ ...SITE, genesis: 5 }, /genesis/],
    [{ ...SITE, cluster: 'devnet' }, /genesis/],
  ])('says what is wrong with it', (json, words) => {
    expect(() => readSite(json)).toThrow(SiteError);
    expect(() => readSite(json)).toThrow(words);
  });
});

describe('settings', () => {
  it('are read as far as they are valid', () => {
    expect(readSettings(null)).toEqual(DEFAULTS);
    expect(readSettings('{broken')).toEqual(DEFAULTS);
    expect(readSettings('null')).toEqual(DEFAULTS);
    expect(
      readSettings(
        '{"rpc":"https://rpc.example","ws":"nonsense","theme":"dark","slippageBps":5000,"wallet":"W"}',
      ),
    ).toEqual({ ...DEFAULTS, rpc: 'https://rpc.example', theme: 'dark', wallet: 'W' });
  });
});
