import {
  batchToJoin,
  getBatchSize,
  getTicketSize,
  roomAboveTarget,
  stakeSource,
  ThawRefusal,
  type ExitQuote,
  type PoolState,
  type ValidatorView,
  type WithdrawQuote,
} from '@thaw/client';

/** The three ways out. */
export type ExitKind = 'instant' | 'ticket' | 'stake';

/** What one way out pays, or why it is closed. */
export type Exit =
  | { isOpen: true; lamports: bigint; feeLamports: bigint }
  | { isOpen: false; reason: string; rule: string | null; code: number | null };

/** All three. */
export type Exits = Record<ExitKind, Exit>;

function exit(quote: ExitQuote | ThawRefusal): Exit {
  if (quote instanceof ThawRefusal) {
    const { words, measured, rule, code } = quote;
    const reason = measured === null ? words : `${words}: ${measured}`;
    return { isOpen: false, reason, rule, code };
  }
  return { isOpen: true, lamports: quote.lamports, feeLamports: quote.feeLamports };
}

/**
 * The three ways out of a quote. As stake it also takes a validator that can give that much;
 * `sources`: those that can, `undefined` while they are read.
 */
export function exitsOf(
  quote: WithdrawQuote,
  sources: readonly ValidatorView[] | undefined,
): Exits {
  const stake = exit(quote.stake);
  const isUnsourced = stake.isOpen && sources?.length === 0;
  return {
    instant: exit(quote.instant),
    ticket: { isOpen: true, lamports: quote.ticket.lamports, feeLamports: 0n },
    stake: isUnsourced
      ? {
          isOpen: false,
          reason: 'No validator has that much above its target now. Take a ticket, or less.',
          rule: 'ValidatorBelowTarget',
          code: null,
        }
      : stake,
  };
}

/** The validators that can give `lamports` of stake, the one with most to spare first. */
export function sourcesOf(
  state: PoolState,
  validators: readonly ValidatorView[],
  lamports: bigint,
): ValidatorView[] {
  const best = stakeSource(state, validators, lamports);
  const able = validators.filter((view) => roomAboveTarget(state, view, lamports) !== null);
  return best ? [best, ...able.filter((view) => view !== best)] : able;
}

/** What a ticket's owner lends the network: the ticket's rent, and the batch's where this opens it. */
export function ticketRent(state: PoolState): { ticket: bigint; batch: bigint } {
  const opens = batchToJoin(state) === state.pool.nextBatch;
  return {
    ticket: state.rent.minimumBalance(getTicketSize()),
    batch: opens ? state.rent.minimumBalance(getBatchSize()) : 0n,
  };
}
