import { ThawRefusal } from '@thaw/client';

/** What `compute` gives, or the refusal it throws. Other errors are thrown on. */
export function attempt<T>(compute: () => T): T | ThawRefusal {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ThawRefusal) return error;
    throw error;
  }
}
