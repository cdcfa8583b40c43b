import { useBalances, useChain } from '../chain/index.js';
import { Amount, Button, CopyableAddress, DefinitionList, Dialog } from '../ui/index.js';
import { useWallet } from '../wallet/index.js';

export interface AccountDialogProps {
  isOpen: boolean;
  onClose: () => void;
}

/** The connected wallet: what it holds, and the way out. */
export function AccountDialog({ isOpen, onClose }: AccountDialogProps) {
  const { site } = useChain();
  const { wallet, address, choose, disconnect } = useWallet();
  const { data } = useBalances();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={wallet?.name ?? 'Wallet'}
      actions={
        <>
          <Button
            onClick={() => {
              onClose();
              choose();
            }}
          >
            Change wallet
          </Button>
          <Button
            kind="danger"
            onClick={() => {
              onClose();
              void disconnect();
            }}
          >
            Disconnect
          </Button>
        </>
      }
    >
      <DefinitionList
        items={[
          {
            term: 'Address',
            value: address && <CopyableAddress address={address} label="your address" />,
          },
          { term: 'SOL', value: data && <Amount value={data.lamports} unit="SOL" places={9} /> },
          {
            term: site.name,
            value: data && <Amount value={data.shares} unit={site.symbol} places={9} />,
          },
        ]}
      />
    </Dialog>
  );
}
