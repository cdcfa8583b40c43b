import { useEffect, useRef, useState } from 'react';
import { useChain } from '../../chain/index.js';
import { formatCount } from '../../format/index.js';
import { Button, CopyButton, Field, Notice, Progress } from '../../ui/index.js';
import { LoadError } from './LoadError.js';
import {
  compareHash,
  fetchProgramBytes,
  programHash,
  trimZeros,
  type ProgramInfo,
} from './program.js';
import styles from './ProgramHash.module.css';

export interface ProgramHashProps {
  info: ProgramInfo | undefined;
}

type Work =
  | { readonly step: 'idle' }
  | { readonly step: 'reading'; readonly part: number }
  | { readonly step: 'done'; readonly hash: string; readonly bytes: number; readonly slot: bigint }
  | { readonly step: 'failed'; readonly error: unknown };

/** Reads the program's bytes and computes their hash here, when asked. */
export function ProgramHash({ info }: ProgramHashProps) {
  const { rpc } = useChain();
  const [work, setWork] = useState<Work>({ step: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const compute = async () => {
    if (!info) return;
    const stop = new AbortController();
    running.current = stop;
    setWork({ step: 'reading', part: 0 });
    try {
      const onProgress = (part: number) => setWork({ step: 'reading', part });
      const bytes = await fetchProgramBytes(rpc, info, onProgress, stop.signal);
      const [hash, length] = [await programHash(bytes), trimZeros(bytes).length];
      setWork({ step: 'done', hash, bytes: length, slot: info.deployedSlot });
    } catch (error) {
      setWork(stop.signal.aborted ? { step: 'idle' } : { step: 'failed', error });
    }
  };

  return (
    <div className={styles.hash}>
      <h3>Hash</h3>
      <p>
        SHA-256 of the program’s bytes, without the zeros at their end: what <code>make build</code>{' '}
        prints. Your browser reads the bytes and computes it, about half a megabyte.
      </p>
      {(work.step === 'idle' || work.step === 'reading') && (
        <div className={styles.row}>
          <Button isBusy={work.step === 'reading'} disabled={!info} onClick={() => void compute()}>
            Compute the hash
          </Button>
          {work.step === 'reading' && (
            <>
              <div className={styles.progress}>
                <Progress
                  label="Reading the program"
                  value={Math.round(work.part * 100)}
                  of={100}
                />
              </div>
              <Button kind="quiet" onClick={() => running.current?.abort()}>
                Cancel
              </Button>
            </>
          )}
        </div>
      )}
      {work.step === 'failed' && (
        <LoadError what="the program" error={work.error} onRetry={() => void compute()} />
      )}
      {work.step === 'done' && (
        <>
          <p className={styles.digits} role="status">
            <code>{work.hash}</code>
            <CopyButton text={work.hash} label="Copy the hash" />
          </p>
          <p className={styles.note}>{formatCount(work.bytes)} bytes.</p>
          {info && info.deployedSlot !== work.slot && (
            <Notice kind="warn" title="The program was replaced since">
              Compute the hash again.
            </Notice>
          )}
          <Compare hash={work.hash} />
        </>
      )}
    </div>
  );
}

const ANSWERS = {
  'no-hash': { kind: 'info', text: 'A hash has 64 digits from 0 to 9 and a to f.' },
  same: { kind: 'good', text: 'The same: the program on chain is the one that was built.' },
  different: { kind: 'error', text: 'Different: this is not the program that was built.' },
} as const;

function Compare({ hash }: { readonly hash: string }) {
  const [pasted, setPasted] = useState('');
  const answer = compareHash(pasted, hash);
  const words = answer === 'none' ? null : ANSWERS[answer];
  return (
    <>
      <Field
        label="Compare with"
        value={pasted}
        onValueChange={setPasted}
        placeholder="Paste what make build printed"
        hint="Build the source yourself, or take the hash from somebody you trust."
      />
      {words && (
        <Notice kind={words.kind} isLive>
          {words.text}
        </Notice>
      )}
    </>
  );
}
