import { quoteStakeExit, quoteWithdraw } from '@thaw/client';
import { useMemo, useState } from 'react';
import {
  attempt,
  useBalances,
  useChain,
  usePoolNow,
  useSettings,
  useTransaction,
  useValidators,
} from '../../chain/index.js';
import { formatExact, readAmount } from '../../format/index.js';
import { AmountField, Notice } from '../../ui/index.js';
import { SubmitButton } from '../../wallet/index.js';
import { ExitCards } from './ExitCards.js';
import { ExitLines } from './ExitLines.js';
import { exitsOf, sourcesOf, type ExitKind } from './exits.js';
import { leaveOrder } from './order.js';
import { SourceChoice } from './SourceChoice.js';
import styles from './unstake.module.css';

/** Quoted while no amount is typed, so that prices show before anything is. */
const EXAMPLE = 1_000_000_000n;
const SUBMIT = {
  instant: 'Unstake',
  ticket: 'Request ticket',
  stake: 'Take stake account',
} as const;

/** How much, in which way, on which terms. */
export function UnstakeForm() {
  const { site } = useChain();
  const at = usePoolNow();
  const balances = useBalances().data;
  const validators = useValidators().data;
  const [{ slippageBps }] = useSettings();
  const { run, isBusy } = useTransaction();
  const [text, setText] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const [kind, setKind] = useState<ExitKind>('instant');
  const [vote, setVote] = useState<string | null>(null);

  const typed = readAmount(text);
  const isTyped = typed.amount !== null && typed.amount > 0n;
  const shares = isTyped ? (typed.amount ?? EXAMPLE) : EXAMPLE;
  const isTooMuch = isTyped && balances !== undefined && shares > balances.shares;
  const error =
    typed.error ??
    (isAsked && text === ''
      ? 'Write how much.'
      : isTooMuch
        ? `You have ${formatExact(balances.shares)} ${site.symbol}, which is less.`
        : undefined);
  const quote = at && attempt(() => quoteWithdraw(at.state, shares, at.now));
  const isQuoted = quote !== undefined && !(quote instanceof Error);
  const state = at?.state;
  // At the reading's time: searching all validators is not for every second.
  const sources = useMemo(() => {
    if (!state || !validators) return undefined;
    const price = attempt(() => quoteStakeExit(state, shares));
    return price instanceof Error ? undefined : sourcesOf(state, validators, price.net);
  }, [state, validators, shares]);
  const exits = isQuoted ? exitsOf(quote, sources) : undefined;
  const chosen = exits?.[kind];
  const source = sources?.find((one) => one.vote === vote) ?? sources?.[0];
  const isReady =
    isTyped && !error && chosen?.isOpen === true && (kind !== 'stake' || source !== undefined);

  const submit = async () => {
    setIsAsked(true);
    if (!isReady) return;
    const { lamports } = chosen;
    const { symbol } = site;
    const order = leaveOrder({ kind, shares, symbol, lamports, slippageBps, source });
    if (await run(order)) setText('');
    setIsAsked(false);
  };

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <AmountField
        value={text}
        onValueChange={setText}
        unit={site.symbol}
        balance={balances?.shares}
        error={error ?? undefined}
        hint={isTyped ? undefined : `Prices below are for 1 ${site.symbol}.`}
      />
      {quote instanceof Error && isTyped && (
        <Notice kind="warn" title="No quote" isLive>
          {quote.words} ({quote.rule}, code {quote.code})
        </Notice>
      )}
      <ExitCards
        exits={exits}
        quote={isQuoted ? quote : undefined}
        at={at}
        value={kind}
        onValueChange={setKind}
      />
      {kind === 'stake' && sources && sources.length > 0 && (
        <SourceChoice sources={sources} value={source?.vote ?? null} onValueChange={setVote} />
      )}
      <ExitLines kind={kind} exit={chosen} isExample={!isTyped} at={at} />
      <SubmitButton disabled={chosen?.isOpen !== true || (text !== '' && !isReady)} isBusy={isBusy}>
        {SUBMIT[kind]}
      </SubmitButton>
    </form>
  );
}
