import { type Address, isAddress } from '@solana/kit';
import { formatSol } from './amount.js';
import { STAKE_PROGRAM, SYSTEM_PROGRAM, TOKEN_PROGRAM } from './constants.js';
import { THAW_PROGRAM_ADDRESS } from './generated/index.js';
import { type RuleName, RULES } from './generated/rules.js';
import { causeOf, logsOf } from './transactionErrors.js';

export { type RuleName, RULES } from './generated/rules.js';

/** What the two values of a refusal count. */
type Measure = 'amount' | 'time' | 'number';

/** What else is known of a refusal. */
export type RefusalDetails = {
  /** What was found. */
  found?: bigint | undefined;
  /** What would have been allowed. */
  allowed?: bigint | undefined;
  /** The program that refused. */
  program?: Address | undefined;
};

/**
 * An instruction that a program refused, or would refuse: which rule was broken, and by how much.
 * `message` is the whole of it in one sentence, with the rule's name and code.
 */
export class ThawRefusal extends Error {
  override readonly name = 'ThawRefusal';
  /** What was found: lamports, base units of shares, unix seconds or a number, by the rule. */
  readonly found: bigint | null;
  /** What would have been allowed, in the same unit. */
  readonly allowed: bigint | null;
  /** The program that refused, where that is known. */
  readonly program: Address | null;
  /** By how much the rule was broken, in words. */
  readonly measured: string | null;

  constructor(
    /** The rule's name, such as `SlippageExceeded`; `null` where it is none of Thaw's. */
    readonly rule: RuleName | null,
    /** The error code: from 6000 on for Thaw's rules, 0 where there is none. */
    readonly code: number,
    /** The rule in words, without name and code. */
    readonly words: string,
    { found, allowed, program }: RefusalDetails = {},
    options?: ErrorOptions,
  ) {
    const isMeasured = found !== undefined && allowed !== undefined;
    const measured = isMeasured ? measure(measureOf(rule), found, allowed) : null;
    const title = rule ?? (FOREIGN_WORDS.has(words) ? "another program's rule" : 'no rule of Thaw');
    const label = code > 0 ? `${title}, code ${code}` : title;
    super(`${words}${measured === null ? '' : `: ${measured}`} (${label})`, options);
    this.found = found ?? null;
    this.allowed = allowed ?? null;
    this.program = program ?? null;
    this.measured = measured;
  }

  /** A refusal by one of Thaw's rules. */
  static ofRule(
    rule: RuleName,
    details: Omit<RefusalDetails, 'program'> = {},
    options?: ErrorOptions,
  ): ThawRefusal {
    const [code, , words] = ruleNamed(rule);
    const all = { ...details, program: THAW_PROGRAM_ADDRESS };
    return new ThawRefusal(rule, code, words, all, options);
  }

  /** The refusal with this code, as the program's quotes tell it. */
  static ofCode(code: number): ThawRefusal {
    const rule = ruleOfCode(code);
    return rule === null ? unknown(null, code) : ThawRefusal.ofRule(rule);
  }
}

/** True for a {@link ThawRefusal}: tells an exit that is closed from one that is open. */
export function isRefusal(value: unknown): value is ThawRefusal {
  return value instanceof ThawRefusal;
}

/** The error code of a rule. */
export function codeOfRule(rule: RuleName): number {
  return ruleNamed(rule)[0];
}

/** The rule with this error code, if it is one of Thaw's. */
export function ruleOfCode(code: number): RuleName | null {
  return RULES.find(([known]) => known === code)?.[1] ?? null;
}

/** The words of a rule. */
export function wordsOfRule(rule: RuleName): string {
  return ruleNamed(rule)[2];
}

/**
 * What a transaction was refused with, read from any error of sending, simulating or confirming it:
 * kit's errors, the `err` of a simulation or of a signature's status, a wallet's error that quotes
 * them. `logs`: the transaction's, where they are not in the error; they name the program that
 * failed and by how much.
 *
 * @returns `null` where no instruction was refused: too little SOL for the fee, an expired
 * blockhash, no network, a rejected signature.
 */
export function refusalOf(error: unknown, logs?: readonly string[]): ThawRefusal | null {
  if (isRefusal(error)) return error;
  const cause = causeOf(error);
  if (cause === null) return null;
  const lines = logs ?? logsOf(error);
  const program = failedProgram(lines);
  const options = { cause: error };
  if (cause.code === null) return unknown(program, 0, cause.words, options);
  const { code } = cause;
  const rule = ruleOfCode(code);
  if (rule !== null && (program === null || program === THAW_PROGRAM_ADDRESS)) {
    return ThawRefusal.ofRule(rule, valuesIn(lines), options);
  }
  const words = program === null ? undefined : FOREIGN.get(`${program}:${code}`);
  if (program !== null && words !== undefined) {
    return new ThawRefusal(null, code, words, { program }, options);
  }
  return unknown(program, code, anchorWords(lines), options);
}

/** Seconds as `3 d 4 h`, `4 h 5 min`, `3 min 2 s` or `6 s`. */
export function formatDuration(seconds: bigint): string {
  if (seconds >= 86_400n) return `${seconds / 86_400n} d ${(seconds / 3_600n) % 24n} h`;
  if (seconds >= 3_600n) return `${seconds / 3_600n} h ${(seconds / 60n) % 60n} min`;
  if (seconds >= 60n) return `${seconds / 60n} min ${seconds % 60n} s`;
  return `${seconds} s`;
}

function ruleNamed(rule: RuleName): (typeof RULES)[number] {
  const found = RULES.find(([, name]) => name === rule);
  if (found === undefined) throw new TypeError(`Thaw has no rule ${rule}`);
  return found;
}

function unknown(
  program: Address | null,
  code: number,
  words?: string | null,
  options?: ErrorOptions,
): ThawRefusal {
  const who = program === null ? 'a program' : `program ${program}`;
  const text = words ?? `${who} refuses with error ${code}`;
  return new ThawRefusal(null, code, text, { program: program ?? undefined }, options);
}

function measure(measure: Measure, found: bigint, allowed: bigint): string {
  if (measure === 'time') {
    return `possible in ${formatDuration(allowed > found ? allowed - found : 0n)}`;
  }
  const show = (value: bigint) => (measure === 'amount' ? formatSol(value) : value.toString());
  if (found === allowed) return show(found);
  const [off, word] = found < allowed ? [allowed - found, 'less'] : [found - allowed, 'more'];
  return `${show(found)} is ${show(off)} ${word} than ${show(allowed)}`;
}

function measureOf(rule: RuleName | null): Measure {
  switch (rule) {
    case 'BootstrapTooSmall':
    case 'SlippageExceeded':
    case 'NotEnoughLiquidity':
    case 'StaleExitCapReached':
    case 'BelowMinimumDelegation':
    case 'ValidatorAboveTarget':
    case 'ValidatorBelowTarget':
    case 'StakeLamportsOff':
    case 'BalanceMismatch':
    case 'ReserveTooLow':
    case 'CannotBeAdmitted':
      return 'amount';
    case 'TooEarly':
    case 'PauseCoolDown':
      return 'time';
    default:
      return 'number';
  }
}

/** What other programs mean by their codes, as far as holders meet them. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  [`${TOKEN_PROGRAM}:1`, 'the token account holds fewer shares than that'],
  [`${TOKEN_PROGRAM}:3`, 'the token account is of another mint'],
  [`${TOKEN_PROGRAM}:4`, 'the signer does not own the token account'],
  [`${TOKEN_PROGRAM}:17`, 'the token account is frozen'],
  [`${SYSTEM_PROGRAM}:0`, 'there is an account at this address already'],
  [`${SYSTEM_PROGRAM}:1`, 'the payer holds too few lamports'],
  [`${STAKE_PROGRAM}:0`, 'no vote credits to redeem, or the lock-up is in force'],
  [`${STAKE_PROGRAM}:16`, 'stake cannot move while epoch rewards are paid'],
]);
const FOREIGN_WORDS = new Set(FOREIGN.values());

/** The innermost program that failed: the first to say so. */
function failedProgram(logs: readonly string[]): Address | null {
  for (const line of logs) {
    const [, program] = /^Program (\w+) failed/.exec(line) ?? [];
    if (program !== undefined && isAddress(program)) return program;
  }
  return null;
}

/** `Left` and `Right`, which Anchor logs of values that were compared. */
function valuesIn(logs: readonly string[]): { found?: bigint; allowed?: bigint } {
  const [found, allowed] = ['Left: ', 'Right: '].map((name) => {
    const line = logs.findLast((line) => line.includes(name));
    const text = line?.slice(line.indexOf(name) + name.length).trim() ?? '';
    return /^\d+$/.test(text) ? BigInt(text) : undefined;
  });
  return found !== undefined && allowed !== undefined ? { found, allowed } : {};
}

/** Anchor's own words, with the account they speak of. */
function anchorWords(logs: readonly string[]): string | null {
  const line = logs.findLast((line) => line.includes('Error Message: '));
  if (line === undefined) return null;
  const [head = '', ...tail] = line.split('Error Message: ');
  const words = tail.join('Error Message: ').replace(/\.+$/, '');
  const [, account] = /caused by account: ([^.]*)\./.exec(head) ?? [];
  return account === undefined ? words : `account \`${account}\`: ${words}`;
}
