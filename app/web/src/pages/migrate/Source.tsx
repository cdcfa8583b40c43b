import { isAddress, type Address } from '@solana/kit';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deadline, useChain } from '../../chain/index.js';
import { shortAddress } from '../../format/index.js';
import { Amount, Button, Field, Notice, SearchIcon } from '../../ui/index.js';
import { useWallet } from '../../wallet/index.js';
import { LoadError } from '../pool/LoadError.js';
import styles from './Source.module.css';
import { findStakePoolTokens } from './walletTokens.js';

export interface SourceProps {
  /** What was typed. */
  value: string;
  onValueChange: (value: string) => void;
}

/** Which stake pool to leave: by its address, or found by the tokens in the wallet. */
export function Source({ value, onValueChange }: SourceProps) {
  const { address, choose } = useWallet();
  const [isAsked, setIsAsked] = useState(false);
  const isWrong = value !== '' && !isAddress(value);
  return (
    <div className={styles.source}>
      <Field
        label="Stake pool to leave"
        value={value}
        onValueChange={(text) => onValueChange(text.trim())}
        placeholder="Address of the pool, or of its token"
        error={isWrong ? 'This is not an address.' : undefined}
        hint="Any pool of the SPL stake pool program, or of Sanctum’s."
      />
      {(!isAsked || !address) && (
        <Button
          size="small"
          icon={<SearchIcon />}
          onClick={() => (address ? setIsAsked(true) : choose())}
        >
          {address ? 'Look for them in my wallet' : 'Connect a wallet to look for them'}
        </Button>
      )}
      {isAsked && address && <InWallet owner={address} chosen={value} onChoose={onValueChange} />}
    </div>
  );
}

interface InWalletProps {
  owner: Address;
  chosen: string;
  onChoose: (mint: string) => void;
}

function InWallet({ owner, chosen, onChoose }: InWalletProps) {
  const { rpc, rpcUrl, addresses } = useChain();
  const search = useQuery({
    queryKey: ['stakePoolTokens', rpcUrl, owner],
    queryFn: ({ signal }) =>
      findStakePoolTokens(rpc, owner, addresses.mint, deadline(signal, 60_000)),
    staleTime: 30_000,
  });
  if (search.isError) {
    return (
      <LoadError
        what="the wallet’s tokens"
        error={search.error}
        onRetry={() => void search.refetch()}
        isRetrying={search.isFetching}
      />
    );
  }
  if (!search.data) {
    return (
      <Button size="small" isBusy>
        Looking for them in your wallet
      </Button>
    );
  }
  if (search.data.length === 0) {
    return <Notice isLive>No tokens of a stake pool were found in your wallet.</Notice>;
  }
  return (
    <ul className={styles.found} aria-label="Found in your wallet">
      {search.data.map(({ pool, tokens }) => (
        <li key={pool.mint}>
          <button
            type="button"
            className={styles.choice}
            aria-pressed={chosen === pool.mint || chosen === pool.address}
            onClick={() => onChoose(pool.mint)}
          >
            <code>{shortAddress(pool.mint, 6)}</code>
            <Amount value={tokens} unit="tokens" />
          </button>
        </li>
      ))}
    </ul>
  );
}
