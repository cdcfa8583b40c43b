import type { ValidatorView } from '@thaw/client';
import { useId } from 'react';
import { formatPpb, shortAddress } from '../../format/index.js';
import { CopyableAddress } from '../../ui/index.js';
import styles from './unstake.module.css';

export interface SourceChoiceProps {
  /** Validators that can give that much, the one with most to spare first. */
  sources: readonly ValidatorView[];
  value: string | null;
  onValueChange: (vote: string) => void;
}

/** Basis points as parts per billion. */
const PPB_PER_BPS = 100_000n;

/** Which validator the stake comes from, and will be with. */
export function SourceChoice({ sources, value, onValueChange }: SourceChoiceProps) {
  const id = useId();
  const name = ({ vote, commissionBps }: ValidatorView) =>
    commissionBps === null
      ? shortAddress(vote, 6)
      : `${shortAddress(vote, 6)}, commission ${formatPpb(BigInt(commissionBps) * PPB_PER_BPS)}`;
  return (
    <div>
      <label htmlFor={id} className={styles.legend}>
        Validator
      </label>
      <div className={styles.source}>
        <select
          id={id}
          className={styles.select}
          value={value ?? ''}
          onChange={(event) => onValueChange(event.target.value)}
        >
          {sources.map((view) => (
            <option key={view.vote} value={view.vote}>
              {name(view)}
            </option>
          ))}
        </select>
        {value !== null && <CopyableAddress address={value} label="vote account" />}
      </div>
    </div>
  );
}
