import { useState } from 'react';
import { Button, CheckIcon, CopyableAddress, Dialog, SpinnerIcon } from '../../ui/index.js';
import { useTransaction } from './context.js';
import { FailureDetails } from './FailureDetails.js';
import { sentenceOf, stepsOf } from './steps.js';
import { StepList } from './StepList.js';
import styles from './TransactionDialog.module.css';

/** Draws the transaction that is under way, or ended; can be put aside while it goes on. */
export function TransactionDialog() {
  const { state, task, isBusy, cancel, retry, reset } = useTransaction();
  const [isAside, setIsAside] = useState(false);
  const isThere = state.step !== 'idle' && task !== null;
  // A new transaction comes to the front, also when the last one was put aside.
  const [wasBusy, setWasBusy] = useState(false);
  if (wasBusy !== isBusy) {
    setWasBusy(isBusy);
    if (isBusy || isAside) setIsAside(false);
  }
  if (!isThere) return null;
  const sentence = sentenceOf(state, task.done, retry !== null);
  const signatures =
    state.step === 'confirmed'
      ? state.signatures
      : [
          ...('done' in state ? state.done : []),
          ...('signatures' in state ? state.signatures : []),
        ];
  const close = () => (isBusy ? setIsAside(true) : reset());
  return (
    <>
      <Dialog
        isOpen={!isAside}
        onClose={close}
        title={task.title}
        actions={
          <>
            {state.step === 'signing' && <Button onClick={cancel}>Cancel</Button>}
            {retry && (
              <Button kind="primary" onClick={() => void retry()}>
                Try again
              </Button>
            )}
            <Button onClick={close}>{isBusy ? 'Hide' : 'Close'}</Button>
          </>
        }
      >
        <StepList steps={stepsOf(state)} />
        <p className={styles.sentence} role="status">
          {state.step === 'confirmed' && <CheckIcon className={styles.good} />}
          {sentence}
        </p>
        {state.step === 'failed' && <FailureDetails failure={state.failure} />}
        {'done' in state && state.done.length > 0 && (
          <p>{state.done.length} before it went through and need not be repeated.</p>
        )}
        {signatures.map((signature) => (
          <p key={signature} className={styles.signature}>
            Transaction{' '}
            <CopyableAddress address={signature} label="signature" subject="tx" ends={6} />
          </p>
        ))}
      </Dialog>
      {isAside && (
        <div className={styles.aside}>
          <Button onClick={() => setIsAside(false)} icon={<SpinnerIcon />}>
            {task.title}…
          </Button>
        </div>
      )}
    </>
  );
}
