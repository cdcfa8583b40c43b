import { UNIT, worth } from '@thaw/client';
import { attempt, useChain, type PoolNow } from '../../chain/index.js';
import { Amount } from '../../ui/index.js';

/** What one share is worth now. */
export function ShareRate({ at }: { at: PoolNow }) {
  const { site } = useChain();
  const one = attempt(() => worth(at.state, UNIT, at.now));
  if (typeof one !== 'bigint') return <>none</>;
  return (
    <>
      1 {site.symbol} = <Amount value={one} unit="SOL" places={6} isFixed isFocusable />
    </>
  );
}
