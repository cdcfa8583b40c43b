import type { ReactNode } from 'react';
import { useLiveUpdates } from '../chain/live/index.js';
import { Banners } from './Banners.js';
import { Footer } from './Footer.js';
import { Frame } from './Frame.js';
import { Header } from './Header.js';

/** What is around every page. */
export function Layout({ children }: { children: ReactNode }) {
  useLiveUpdates();
  return (
    <Frame header={<Header />} banners={<Banners />} footer={<Footer />}>
      {children}
    </Frame>
  );
}
