import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** A page of the app. */
export interface Route {
  path: string;
  /** What else the page is shown for; `path` alone unless told. */
  pattern?: string;
  /** In the menu. */
  label: string;
  /** Pages about one's own SOL come first, those about the pool after them. */
  group: 'own' | 'pool';
  Page: LazyExoticComponent<ComponentType>;
}

/** All pages, in the order of the menu; the first one is the start page. */
export const ROUTES: readonly Route[] = [
  {
    path: '/stake',
    pattern: '/stake/:tab?',
    label: 'Stake',
    group: 'own',
    Page: lazy(() => import('../pages/stake')),
  },
  {
    path: '/unstake',
    label: 'Unstake',
    group: 'own',
    Page: lazy(() => import('../pages/unstake')),
  },
  {
    path: '/tickets',
    label: 'Tickets',
    group: 'own',
    Page: lazy(() => import('../pages/tickets')),
  },
  {
    path: '/portfolio',
    label: 'Portfolio',
    group: 'own',
    Page: lazy(() => import('../pages/portfolio')),
  },
  {
    path: '/migrate',
    label: 'Migrate',
    group: 'own',
    Page: lazy(() => import('../pages/migrate')),
  },
  { path: '/pool', label: 'Pool', group: 'pool', Page: lazy(() => import('../pages/pool')) },
  {
    path: '/validators',
    label: 'Validators',
    group: 'pool',
    Page: lazy(() => import('../pages/validators')),
  },
  { path: '/verify', label: 'Verify', group: 'pool', Page: lazy(() => import('../pages/verify')) },
  { path: '/risks', label: 'Risks', group: 'pool', Page: lazy(() => import('../pages/risks')) },
];
