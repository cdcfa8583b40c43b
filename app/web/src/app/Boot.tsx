import { useQuery } from '@tanstack/react-query';
import { poolAddresses, type PoolAddresses } from '@thaw/client';
import type { ReactNode } from 'react';
import { fetchSite, type Site } from '../chain/site.js';
import { Button, Notice, Page, RefreshIcon } from '../ui/index.js';
import { Frame } from './Frame.js';
import { PageSkeleton } from './PageSkeleton.js';

export interface BootProps {
  children: (site: Site, addresses: PoolAddresses) => ReactNode;
}

/** Reads which pool the site is for before anything else. */
export function Boot({ children }: BootProps) {
  const boot = useQuery({
    queryKey: ['site'],
    queryFn: async ({ signal }) => {
      const site = await fetchSite(signal);
      return { site, addresses: await poolAddresses(site.mint) };
    },
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
  });
  if (boot.data) return children(boot.data.site, boot.data.addresses);
  return (
    <Frame>
      {boot.error ? (
        <Page title="Not set up" isNarrow>
          <Notice
            kind="error"
            title="The site’s config.json cannot be used"
            actions={
              <Button icon={<RefreshIcon />} onClick={() => void boot.refetch()}>
                Try again
              </Button>
            }
          >
            {boot.error.message} Whoever runs this site must put it right; your SOL is not affected.
          </Notice>
        </Page>
      ) : (
        <PageSkeleton />
      )}
    </Frame>
  );
}
