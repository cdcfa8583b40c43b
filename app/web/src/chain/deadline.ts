/** How long a server may take, milliseconds. */
const DEADLINE = 15_000;

/** Aborts with `signal`, and after the longest that a server may take. */
export function deadline(signal?: AbortSignal, milliseconds = DEADLINE): AbortSignal {
  const late = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([signal, late]) : late;
}
