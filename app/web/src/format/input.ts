import { AmountError, parseSol } from '@thaw/client';

/** A typed amount: base units, or why it is none. Both `null` while nothing is typed. */
export interface TypedAmount {
  amount: bigint | null;
  error: string | null;
}

const WORDS = {
  malformed: 'Write digits with at most one point, such as 1.5.',
  tooFine: 'At most 9 places behind the point.',
  tooLarge: 'That is more than there can be.',
} as const;

/** Reads what was typed as an amount of SOL or shares, exactly. */
export function readAmount(text: string): TypedAmount {
  if (text === '') return { amount: null, error: null };
  try {
    return { amount: parseSol(text), error: null };
  } catch (error) {
    if (error instanceof AmountError) return { amount: null, error: WORDS[error.fault] };
    throw error;
  }
}
