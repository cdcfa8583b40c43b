import type { ActionGetResponse } from '@solana/actions-spec';
import { type PoolState, ThawRefusal, formatSol, quoteDeposit, recentApyPpb } from '@thaw/client';

import type { Settings } from './settings.js';

/** Where the action is. */
export const STAKE_PATH = '/api/stake';
/** Amounts with a button of their own, SOL. */
const PRESETS = ['1', '5', '10'] as const;
/** Epochs over which the yield is taken. */
const APY_EPOCHS = 10;
/** What the description's price is of, lamports. */
const ONE_SOL = 1_000_000_000n;

/** What an action is shown with: `origin` is where the icon is fetched from. */
export function describeStake(
  settings: Settings,
  state: PoolState,
  origin: string,
): ActionGetResponse {
  const { symbol } = settings;
  const amounts = PRESETS.map((amount) => ({
    type: 'transaction' as const,
    href: `${STAKE_PATH}?amount=${amount}`,
    label: `Stake ${amount} SOL`,
  }));
  const free = {
    type: 'transaction' as const,
    href: `${STAKE_PATH}?amount={amount}`,
    label: 'Stake',
    parameters: [
      {
        type: 'text' as const,
        name: 'amount',
        label: 'Amount of SOL',
        required: true,
        pattern: '^(\\d+(\\.\\d{0,9})?|\\.\\d{1,9})$',
        patternDescription: 'An amount of SOL with at most nine places, such as 1.5',
      },
    ],
  };
  const words = {
    type: 'action' as const,
    icon: `${origin}/icon.svg`,
    title: `Stake SOL with ${settings.name}`,
    label: 'Stake SOL',
    links: { actions: [...amounts, free] },
  };
  try {
    const { shares } = quoteDeposit(state, ONE_SOL);
    const price = `1 SOL buys ${formatSol(shares)} ${symbol} now.`;
    return { ...words, description: [price, yieldOf(state), TERMS].filter(Boolean).join(' ') };
  } catch (error) {
    if (!(error instanceof ThawRefusal)) throw error;
    const closed = 'Deposits are closed at the moment. Those who hold shares can leave as always.';
    return { ...words, description: closed, disabled: true, error: { message: error.message } };
  }
}

const TERMS =
  'It earns with each epoch. You can leave at once for a fee, or free of charge within about a day. Not audited.';

/** The yield in words, or nothing where there is no history yet. */
function yieldOf(state: PoolState): string {
  const ppb = recentApyPpb(state.pool, APY_EPOCHS);
  if (ppb === null) return '';
  const hundredths = ppb / 100_000n;
  const sign = hundredths < 0n ? '-' : '';
  const size = hundredths < 0n ? -hundredths : hundredths;
  const percent = `${sign}${size / 100n}.${String(size % 100n).padStart(2, '0')} %`;
  return `APY ${percent}, compounded, over the last ${APY_EPOCHS} epochs at most.`;
}
