import {
  isSolanaError,
  SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED,
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  SOLANA_ERROR__INSTRUCTION_ERROR__INSUFFICIENT_FUNDS,
  SOLANA_ERROR__INSTRUCTION_ERROR__MISSING_REQUIRED_SIGNATURE,
  SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE,
  SOLANA_ERROR__INSTRUCTION_ERROR__UNKNOWN,
} from '@solana/kit';

/** What an instruction failed with: a code of its program, or the runtime's words. */
export type Failure = { code: number } | { code: null; words: string };

/** How deep errors are wrapped at most. */
const DEPTH = 8;

/** The runtime's own errors that holders can meet, in words. */
const RUNTIME: Record<string, string> = {
  InsufficientFunds: 'an account holds too few lamports for this',
  ComputationalBudgetExceeded: 'the transaction ran out of compute units',
  MissingRequiredSignature: 'a signature is missing',
  ProgramFailedToComplete: 'a program failed to complete',
};

/** The same by kit's codes. */
const KIT_NAMES = new Map<number, string>([
  [SOLANA_ERROR__INSTRUCTION_ERROR__INSUFFICIENT_FUNDS, 'InsufficientFunds'],
  [SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED, 'ComputationalBudgetExceeded'],
  [SOLANA_ERROR__INSTRUCTION_ERROR__MISSING_REQUIRED_SIGNATURE, 'MissingRequiredSignature'],
  [SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE, 'ProgramFailedToComplete'],
]);
/** kit's codes of instruction errors start here; there are fewer than so many. */
const KIT_FIRST = SOLANA_ERROR__INSTRUCTION_ERROR__UNKNOWN;
const KIT_COUNT = 1_000;

/** What an instruction failed with, found anywhere in an error; `null` where none did. */
export function causeOf(error: unknown): Failure | null {
  let text: string | null = null;
  for (const layer of layersOf(error)) {
    const found = ofKit(layer) ?? ofRaw(layer);
    if (found !== null) return found;
    if (layer instanceof Error || typeof layer === 'string') {
      text ??= typeof layer === 'string' ? layer : layer.message;
    }
  }
  // A wallet's error, which quotes the server's.
  const [, hex] = /custom program error: 0x([0-9a-f]+)/i.exec(text ?? '') ?? [];
  return hex === undefined ? null : { code: Number.parseInt(hex, 16) };
}

/** The logs that come with an error. */
export function logsOf(error: unknown): readonly string[] {
  for (const layer of layersOf(error)) {
    const logs = isRecord(layer) ? layer['logs'] : undefined;
    if (Array.isArray(logs)) return logs.filter((line) => typeof line === 'string');
  }
  return [];
}

/** An error and all that it wraps, outermost first. */
function layersOf(error: unknown): unknown[] {
  const layers: unknown[] = [];
  let next: unknown[] = [error];
  for (let depth = 0; depth < DEPTH && next.length > 0; depth += 1) {
    layers.push(...next);
    next = next.filter(isRecord).flatMap((layer) =>
      ['cause', 'context', 'err', 'data', 'value', 'error'].flatMap((name) => {
        const inner = layer[name];
        return isRecord(inner) || typeof inner === 'string' ? [inner] : [];
      }),
    );
  }
  return layers;
}

function ofKit(error: unknown): Failure | null {
  if (!isSolanaError(error)) return null;
  if (isSolanaError(error, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) {
    return { code: Number(error.context.code) };
  }
  const code: number = error.context.__code;
  if (code < KIT_FIRST || code >= KIT_FIRST + KIT_COUNT) return null;
  const name = KIT_NAMES.get(code);
  return { code: null, words: name === undefined ? error.message : (RUNTIME[name] ?? name) };
}

/** As servers write it: `{ InstructionError: [0, { Custom: 6008 }] }`. */
function ofRaw(error: unknown): Failure | null {
  const pair = isRecord(error) ? error['InstructionError'] : undefined;
  if (!Array.isArray(pair)) return null;
  const [, cause] = pair as unknown[];
  if (isRecord(cause) && 'Custom' in cause) return { code: Number(cause['Custom']) };
  const name = isRecord(cause) ? (Object.keys(cause)[0] ?? 'unknown') : String(cause);
  return { code: null, words: RUNTIME[name] ?? `the runtime refuses with ${name}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
