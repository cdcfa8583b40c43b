import { useState } from 'react';
import { useChain, useGenesis, wrongClusterWords } from '../chain/index.js';
import { Button, Notice } from '../ui/index.js';
import { SettingsDialog } from './SettingsDialog.js';

/** The RPC server is of another cluster than the site: its figures are of another world. */
export function ClusterBanner() {
  const { site } = useChain();
  const { data: genesis } = useGenesis();
  const [isSetting, setIsSetting] = useState(false);
  if (genesis === undefined || genesis === site.genesis) return null;
  return (
    <>
      <Notice
        kind="error"
        isLive
        title="The RPC server is of another network"
        actions={
          <Button size="small" kind="quiet" onClick={() => setIsSetting(true)}>
            Use another server
          </Button>
        }
      >
        {wrongClusterWords(site, genesis)} No figure here counts, and nothing is signed until a
        server of the right network is set.
      </Notice>
      <SettingsDialog isOpen={isSetting} onClose={() => setIsSetting(false)} />
    </>
  );
}
