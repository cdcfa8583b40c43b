import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { ChainProvider, TransactionProvider } from '../chain/index.js';
import { createQueryClient } from '../chain/queries/client.js';
import { WalletProvider } from '../wallet/index.js';
import { Boot } from './Boot.js';
import { ErrorBoundary } from './ErrorBoundary.js';
import { Layout } from './Layout.js';
import { Pages } from './Pages.js';
import { useTheme } from './theme.js';

/** The app: hash routes, because static hosting and IPFS know no others. */
export function App() {
  const [queries] = useState(createQueryClient);
  useTheme();
  return (
    <ErrorBoundary>
      <QueryClientProvider client={queries}>
        <Router hook={useHashLocation}>
          <Boot>
            {(site, addresses) => (
              <WalletProvider cluster={site.cluster}>
                <ChainProvider site={site} addresses={addresses}>
                  <TransactionProvider>
                    <Layout>
                      <Pages />
                    </Layout>
                  </TransactionProvider>
                </ChainProvider>
              </WalletProvider>
            )}
          </Boot>
        </Router>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
