import { depositSol, leastOf, quoteDeposit } from '@thaw/client';
import { useState } from 'react';
import {
  attempt,
  useBalances,
  useChain,
  usePoolNow,
  useSettings,
  useTransaction,
} from '../../chain/index.js';
import { formatExact, readAmount } from '../../format/index.js';
import { AmountField, Notice } from '../../ui/index.js';
import { SubmitButton } from '../../wallet/index.js';
import { DepositLines } from './DepositLines.js';
import { shareAccountRent, spendable } from './spendable.js';
import styles from './stake.module.css';

/** One whole share's worth, quoted while no amount is typed so that the lines are never empty. */
const EXAMPLE = 1_000_000_000n;

/** SOL in. */
export function DepositSol() {
  const { site } = useChain();
  const at = usePoolNow();
  const balances = useBalances().data;
  const [{ slippageBps }] = useSettings();
  const { run, isBusy } = useTransaction();
  const [text, setText] = useState('');
  const [isAsked, setIsAsked] = useState(false);

  const typed = readAmount(text);
  const most = at && balances && spendable(at.state, balances);
  const isTooMuch = typed.amount !== null && most !== undefined && typed.amount > most;
  const error =
    typed.error ??
    (isAsked && text === ''
      ? 'Write how much.'
      : isTooMuch
        ? `Too little SOL: after fees and rent you can stake ${formatExact(most)} SOL.`
        : undefined);
  const lamports = typed.amount !== null && typed.amount > 0n ? typed.amount : EXAMPLE;
  const quote = at && attempt(() => quoteDeposit(at.state, lamports, at.now));
  const isClosed = quote instanceof Error;
  const isReady = typed.amount !== null && typed.amount > 0n && !error && quote && !isClosed;

  const submit = async () => {
    setIsAsked(true);
    if (!isReady) return;
    const minOut = leastOf(quote.shares, slippageBps);
    const hasLanded = await run({
      title: `Stake ${formatExact(lamports)} SOL`,
      done: `Your ${site.symbol} is in your wallet and earns from now on.`,
      build: async ({ state, signer }) => [
        [await depositSol({ state, owner: signer, lamports, minOut })],
      ],
    });
    if (hasLanded) setText('');
    setIsAsked(false);
  };

  return (
    <form
      className={styles.stack}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <AmountField
        value={text}
        onValueChange={setText}
        unit="SOL"
        balance={balances?.lamports}
        max={most}
        error={error ?? undefined}
        hint="Max leaves enough for fees and rent."
      />
      {isClosed && typed.amount !== null && (
        <Notice kind="warn" title="No deposit now" isLive>
          {quote.words} ({quote.rule}, code {quote.code})
        </Notice>
      )}
      <DepositLines
        quote={isClosed ? null : quote}
        isExample={typed.amount === null || typed.amount === 0n}
        rentLamports={at && balances ? shareAccountRent(at.state, balances) : 0n}
        at={at}
      />
      <SubmitButton disabled={isClosed || (text !== '' && !isReady)} isBusy={isBusy}>
        Stake
      </SubmitButton>
    </form>
  );
}
