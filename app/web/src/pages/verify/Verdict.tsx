import { formatTime } from '../../format/index.js';
import { Notice } from '../../ui/index.js';
import type { Verification } from './verification.js';
import { verdictKind, verdictWords } from './words.js';

export interface VerdictProps {
  result: Verification;
}

/** What the comparison came to, in a sentence. */
export function Verdict({ result }: VerdictProps) {
  const { title, text } = verdictWords(result);
  const { slot, unixTime, epoch } = result.reading;
  return (
    <Notice kind={verdictKind(result)} title={title} isLive>
      {text} Read at slot {slot.toString()} of epoch {epoch.toString()}, {formatTime(unixTime)} by
      the chain’s clock.
    </Notice>
  );
}
