import { type ReadProgress, THAW_PROGRAM_ADDRESS } from '@thaw/client';
import { useChain } from '../../chain/index.js';
import { formatCount } from '../../format/index.js';
import { Button, Card, DownloadIcon, Notice, Page, Progress } from '../../ui/index.js';
import { LoadError } from '../pool/LoadError.js';
import { save } from '../validators/save.js';
import { Comparisons } from './Comparisons.js';
import { Formula } from './Formula.js';
import { useVerification } from './useVerification.js';
import { ValidatorComparisons } from './ValidatorComparisons.js';
import { Verdict } from './Verdict.js';
import styles from './verify.module.css';
import { toJson } from './words.js';

/** Counts the pool's SOL account by account and compares it with the books. */
export default function VerifyPage() {
  const { state, start, cancel } = useVerification();
  const { site, addresses, rpcUrl } = useChain();
  const isReading = state.step === 'reading';
  const result = state.step === 'done' ? state.result : undefined;
  const download = () => {
    if (!result) return;
    const about = {
      cluster: site.cluster,
      server: rpcUrl,
      program: THAW_PROGRAM_ADDRESS,
      pool: addresses.pool,
      mint: addresses.mint,
    };
    save(`thaw-verify-${result.reading.slot}.json`, 'application/json', toJson(result, about));
  };
  return (
    <Page
      title="Verify"
      lead="Your browser reads every stake account of the pool, the reserve and the share token, adds them up, and compares the sums with the pool’s books."
    >
      <Card>
        <div className={styles.work}>
          <Button
            kind={result ? 'secondary' : 'primary'}
            size={result ? 'normal' : 'large'}
            isBusy={isReading}
            onClick={start}
          >
            {result ? 'Count again' : 'Count now'}
          </Button>
          {isReading && (
            <Button kind="quiet" onClick={cancel}>
              Cancel
            </Button>
          )}
          {result && (
            <Button icon={<DownloadIcon />} onClick={download}>
              Download as JSON
            </Button>
          )}
          {isReading && <Reading progress={state.progress} />}
        </div>
        <p className={styles.how}>
          Nothing is taken on trust but the server that answers: <code>{hostOf(rpcUrl)}</code>. Set
          another one in the settings and count again to check that too. It needs no wallet and
          costs nothing.
        </p>
      </Card>
      {state.step === 'cancelled' && <Notice isLive>Cancelled. Nothing was compared.</Notice>}
      {state.step === 'failed' && (
        <LoadError what="the pool’s accounts" error={state.error} onRetry={start} />
      )}
      {result && (
        <>
          <Verdict result={result} />
          <Comparisons comparisons={result.comparisons} />
          <Formula rate={result.rate} />
          <ValidatorComparisons validators={result.validators} />
        </>
      )}
    </Page>
  );
}

function Reading({ progress: { done, all, again } }: { readonly progress: ReadProgress }) {
  const text =
    all === 0 ? 'Reading the list' : `${formatCount(done)} of ${formatCount(all)} accounts read`;
  return (
    <div className={styles.progress}>
      <Progress label="Reading the pool" value={done} of={Math.max(all, 1)} text={text} />
      <p>
        {text}
        {again > 0 && `; ${formatCount(again)} changed meanwhile and are read again`}
      </p>
    </div>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
