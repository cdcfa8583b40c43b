import {
  isSolanaError,
  SOLANA_ERROR__JSON_RPC__INVALID_PARAMS,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
  SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_NOT_FOUND,
  SOLANA_ERROR__TRANSACTION_ERROR__ALREADY_PROCESSED,
  SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND,
  SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_FEE,
  SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_RENT,
} from '@solana/kit';
import { AmountError, refusalOf, type RuleName } from '@thaw/client';
import { WrongClusterError } from '../cluster.js';
import { WouldFail } from './prepare.js';

/** Why a transaction failed, in words. */
export interface Failure {
  /** What went wrong, in one sentence. */
  title: string;
  /** More of it: by how much, what to do. */
  detail: string | null;
  /** The program's rule, such as `SlippageExceeded`. */
  rule: string | null;
  /** Its code; `null` where no program refused. */
  code: number | null;
  /** What the programs logged, if the server told. */
  logs: readonly string[];
}

/** What a holder can do about a rule. */
const ADVICE: Partial<Record<RuleName, string>> = {
  SlippageExceeded: 'The rate moved. Close this and look at the new price.',
  PoolStale: 'Bring the books up to date first: anyone may, and this page offers it.',
  Paused: 'A pause ends by itself. Requesting and claiming withdrawals always work.',
  NotFinalized: 'The books of this epoch are not closed yet. Normally that takes minutes.',
  RewardsWindow: 'The network is paying rewards. Try again in a few minutes.',
  NotEnoughLiquidity: 'Unstake less at once, or take a ticket, which is free.',
  StaleExitCapReached: 'Wait until the books of this epoch are closed, or take a ticket.',
  NothingToClaim: 'The batch of this ticket is not paid yet.',
  ValidatorBelowTarget: 'Take less, choose another validator, or take a ticket.',
  ValidatorAboveTarget: 'This validator has no room for more stake now.',
};

/** What the runtime or a server refuses without any program's rule. */
const PLAIN: readonly { words: RegExp; codes: readonly number[]; title: string }[] = [
  {
    words: /InsufficientFundsForFee|AccountNotFound/,
    codes: [
      SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_FEE,
      SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_NOT_FOUND,
    ],
    title: 'The wallet has too little SOL for the network fee.',
  },
  {
    words: /InsufficientFundsForRent/,
    codes: [SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_RENT],
    title: 'The wallet would keep too little SOL to stay open: leave a little more in it.',
  },
];

/** A failure with words of its own. */
export function failed(title: string, detail: string | null = null): Failure {
  return { title, detail, rule: null, code: null, logs: [] };
}

/** An error and all that caused it. */
function chainOf(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at = error; at !== undefined && at !== null && found.length < 8;) {
    found.push(at);
    at = at instanceof Object ? Reflect.get(at, 'cause') : undefined;
  }
  return found;
}

function hasCode(error: unknown, codes: readonly number[]): boolean {
  return chainOf(error).some((one) => isSolanaError(one) && codes.includes(one.context.__code));
}

/** What an error says itself, also where it is no `Error` but a server's answer. */
function words(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'string') return error;
  const plain = (_: string, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value;
  try {
    return JSON.stringify(error, plain) ?? String(error);
  } catch {
    // A cycle: wallets throw what they like.
    return String(error);
  }
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Puts an error in words: a program's refusal by its rule, else as far as it says itself. */
export function failureOf(error: unknown, logs: readonly string[] = []): Failure {
  if (error instanceof WouldFail) return failureOf(error.error, error.logs);
  const refusal = refusalOf(error, logs.length > 0 ? logs : undefined);
  if (refusal) {
    const advice = refusal.rule === null ? undefined : ADVICE[refusal.rule];
    const detail = [refusal.measured && `${sentence(refusal.measured)}.`, advice];
    return {
      title: `${sentence(refusal.words).replace(/\.$/, '')}.`,
      detail: detail.filter(Boolean).join(' ') || null,
      rule: refusal.rule,
      code: refusal.code > 0 ? refusal.code : null,
      logs,
    };
  }
  if (error instanceof AmountError) return failed(error.message);
  if (error instanceof WrongClusterError) {
    return failed(
      error.message,
      'Nothing was signed. Set a server of this network in the settings.',
    );
  }
  if (isUnreachable(error)) {
    return failed(
      'The RPC server cannot be reached.',
      'Nothing was sent. Try again, or set another server in the settings.',
    );
  }
  const plain = PLAIN.find((one) => hasCode(error, one.codes) || one.words.test(words(error)));
  if (plain) return { ...failed(plain.title), logs };
  return { ...failed('That did not work.', words(error)), logs };
}

/** True where no answer came: the server is down, too slow, or does not let the page in. */
export function isUnreachable(error: unknown): boolean {
  return chainOf(error).some(
    (one) =>
      (one instanceof TypeError && /fetch|network|load failed/i.test(one.message)) ||
      (one instanceof DOMException && one.name === 'TimeoutError') ||
      isSolanaError(one, SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR),
  );
}

/** What a server says of a transaction that may live all the same: it is behind, or saw it before. */
const NOT_THE_LAST_WORD = /blockhash ?not ?found|already ?(been )?processed/i;

/** True where a server's answer to sending is a clear no: the transaction will not land. */
export function isDefinite(error: unknown): boolean {
  const isOpen =
    isUnreachable(error) ||
    hasCode(error, [
      SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND,
      SOLANA_ERROR__TRANSACTION_ERROR__ALREADY_PROCESSED,
    ]) ||
    chainOf(error).some((one) => NOT_THE_LAST_WORD.test(words(one)));
  const isNo =
    hasCode(error, [
      SOLANA_ERROR__JSON_RPC__INVALID_PARAMS,
      SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
      SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
    ]) || refusalOf(error) !== null;
  return isNo && !isOpen;
}
