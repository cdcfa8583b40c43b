import { formatAmount, formatExact, toDecimal, type AmountFormat } from '../format/index.js';
import styles from './Amount.module.css';
import { Tooltip } from './Tooltip.js';

export interface AmountProps extends Pick<AmountFormat, 'places' | 'isFixed'> {
  /** Base units: lamports or shares. */
  value: bigint;
  /** `SOL`, or the share's symbol; none where a heading says it. */
  unit?: string;
  /** Can be focused and shows full precision then; else only on hover. For the few key figures. */
  isFocusable?: boolean;
}

/** An amount, short, with its full precision on hover (and on focus where asked for). */
export function Amount({ value, unit, places, isFixed, isFocusable = false }: AmountProps) {
  const short = formatAmount(value, {
    ...(places === undefined ? {} : { places }),
    ...(isFixed === undefined ? {} : { isFixed }),
  });
  const exact = `${formatExact(value)}${unit === undefined ? '' : ` ${unit}`}`;
  const shown = (
    <>
      {short}
      {unit !== undefined && <span className={styles.unit}> {unit}</span>}
    </>
  );
  if (!isFocusable) {
    return (
      <data className={styles.amount} value={toDecimal(value)} title={exact}>
        {shown}
      </data>
    );
  }
  return (
    <Tooltip content={exact} label={exact} isText>
      <data value={toDecimal(value)}>{shown}</data>
    </Tooltip>
  );
}
