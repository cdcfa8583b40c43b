import { useSyncExternalStore } from 'react';
import { isUrl } from './site.js';

/** Which colour scheme. */
export type Theme = 'system' | 'light' | 'dark';

/** What the user set, kept in this browser. */
export interface Settings {
  /** RPC server instead of the site's. */
  rpc: string | null;
  /** WebSocket instead of the site's. */
  ws: string | null;
  theme: Theme;
  /** How much less than quoted to accept, basis points. */
  slippageBps: number;
  /** The wallet that was connected last. */
  wallet: string | null;
}

export const DEFAULTS: Settings = {
  rpc: null,
  ws: null,
  theme: 'system',
  slippageBps: 10,
  wallet: null,
};

/** Most slippage that can be set: a typing error must not give 10 % away. */
export const MOST_SLIPPAGE_BPS = 500;
/** Sites of other pools may stand beside this one, below other paths. */
const PLACE = typeof location === 'undefined' ? '' : location.pathname;
/** `public/theme.js` reads it too. */
const KEY = `thaw.settings:${PLACE}`;

/** Takes of a stored text what is valid, and defaults for the rest. */
export function readSettings(text: string | null): Settings {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    stored = {};
  }
  const { rpc, ws, theme, slippageBps, wallet } = (stored ?? {}) as Record<string, unknown>;
  const isSlippage =
    Number.isInteger(slippageBps) &&
    Number(slippageBps) >= 0 &&
    Number(slippageBps) <= MOST_SLIPPAGE_BPS;
  return {
    rpc: typeof rpc === 'string' && isUrl(rpc, 'http:', 'https:') ? rpc : DEFAULTS.rpc,
    ws: typeof ws === 'string' && isUrl(ws, 'ws:', 'wss:') ? ws : DEFAULTS.ws,
    theme: theme === 'light' || theme === 'dark' ? theme : DEFAULTS.theme,
    slippageBps: isSlippage ? Number(slippageBps) : DEFAULTS.slippageBps,
    wallet: typeof wallet === 'string' ? wallet : DEFAULTS.wallet,
  };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Storage may be forbidden; settings then last as long as the page.
    return null;
  }
}

let current: Settings | undefined;
const listeners = new Set<() => void>();

/** The settings now. */
export function settings(): Settings {
  current ??= readSettings(stored());
  return current;
}

/** Changes settings, keeps them and tells everyone. */
export function changeSettings(change: Partial<Settings>): void {
  current = { ...settings(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab changed them.
  const onStorage = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    current = undefined;
    listener();
  };
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/** The settings, and a function that changes some of them. */
export function useSettings(): [Settings, (change: Partial<Settings>) => void] {
  return [useSyncExternalStore(subscribe, settings), changeSettings];
}
