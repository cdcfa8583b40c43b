import { useEpoch } from '../chain/index.js';
import { formatAbout, formatCount, formatShare } from '../format/index.js';
import { Progress, Skeleton } from '../ui/index.js';
import styles from './EpochMeter.module.css';

/** How far the epoch is: everything that takes time here takes epochs. */
export function EpochMeter() {
  const epoch = useEpoch();
  if (!epoch) {
    return (
      <div className={styles.meter}>
        <Skeleton />
      </div>
    );
  }
  const { epoch: number, goneSlots, totalSlots, secondsLeft } = epoch;
  const part = formatShare(goneSlots, totalSlots, 0);
  const left = `${formatAbout(secondsLeft)} left`;
  return (
    <div className={styles.meter} title={`Epoch ${formatCount(number)}: ${part}, ${left}`}>
      <span className={styles.text}>
        Epoch {formatCount(number)}
        <span className={styles.left}>{left}</span>
      </span>
      <Progress
        label={`Epoch ${number}`}
        value={goneSlots}
        of={totalSlots}
        text={`${part}, ${left}`}
      />
    </div>
  );
}
