import { QueryClient } from '@tanstack/react-query';

/** The cache of what was read from the chain. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A server on this machine answers without the internet, so never wait for `online`.
        networkMode: 'always',
        // Polling is the retry: it goes on after a failure, and the banner says how old data are.
        retry: 1,
        retryDelay: 500,
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        // bigint and Map are compared by reference; there is nothing to share.
        structuralSharing: false,
      },
    },
  });
}
