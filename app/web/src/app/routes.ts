import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** A page of the app. */
export interface Route {
  path: string;
  /** What else the page is shown for; `path` alone unless told. */
  pattern?: string;
  /** In the menu. */
  label: string;
  /** Loads its code, once. */
  load: () => Promise<unknown>;
  Page: LazyExoticComponent<ComponentType>;
}

type Load = () => Promise<{ default: ComponentType }>;

const route = (load: Load, rest: Omit<Route, 'load' | 'Page'>): Route => ({
  ...rest,
  load,
  Page: lazy(load),
});

/** All pages, in the order of the menu; the first one is the start page. */
export const ROUTES: readonly [Route, ...Route[]] = [
  route(() => import('../pages/stake'), {
    path: '/stake',
    pattern: '/stake/:tab?',
    label: 'Stake',
  }),
  route(() => import('../pages/unstake'), { path: '/unstake', label: 'Unstake' }),
  route(() => import('../pages/tickets'), { path: '/tickets', label: 'Tickets' }),
  route(() => import('../pages/portfolio'), {
    path: '/portfolio',
    label: 'Portfolio',
  }),
  route(() => import('../pages/migrate'), { path: '/migrate', label: 'Migrate' }),
  route(() => import('../pages/pool'), { path: '/pool', label: 'Pool' }),
  route(() => import('../pages/validators'), {
    path: '/validators',
    label: 'Validators',
  }),
  route(() => import('../pages/verify'), { path: '/verify', label: 'Verify' }),
  route(() => import('../pages/risks'), { path: '/risks', label: 'Risks' }),
];

/** True where a location is a page, or a tab of it. */
export function isAt(location: string, path: string): boolean {
  return location === path || location.startsWith(`${path}/`);
}

/** Loads the code of the page at a location ahead of time; a failure shows when it is needed. */
export function preload(location: string): void {
  const found = ROUTES.find(({ path }) => isAt(location, path)) ?? ROUTES[0];
  found.load().catch(() => undefined);
}
