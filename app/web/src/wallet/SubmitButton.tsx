import type { ReactNode } from 'react';
import { Button, WalletIcon } from '../ui/index.js';
import { useWallet } from './context.js';

export interface SubmitButtonProps {
  children: ReactNode;
  disabled?: boolean;
  isBusy?: boolean;
}

/** Submits its form; where no wallet is connected it connects one instead. */
export function SubmitButton({ children, disabled, isBusy }: SubmitButtonProps) {
  const { status, choose } = useWallet();
  if (status !== 'connected') {
    return (
      <Button
        kind="primary"
        size="large"
        isWide
        isBusy={status === 'connecting'}
        icon={<WalletIcon />}
        onClick={choose}
      >
        {status === 'connecting' ? 'Connecting' : 'Connect wallet'}
      </Button>
    );
  }
  return (
    <Button
      type="submit"
      kind="primary"
      size="large"
      isWide
      disabled={disabled === true}
      isBusy={isBusy === true}
    >
      {children}
    </Button>
  );
}
