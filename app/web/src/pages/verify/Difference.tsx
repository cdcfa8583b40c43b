import { Amount } from '../../ui/index.js';

export interface DifferenceProps {
  /** Lamports or base units; what is on chain without what is in the books. */
  value: bigint;
}

/** A difference with its sign; 0 as such. */
export function Difference({ value }: DifferenceProps) {
  if (value === 0n) return <>0</>;
  return (
    <strong>
      {value > 0n && '+'}
      <Amount value={value} places={9} />
    </strong>
  );
}
