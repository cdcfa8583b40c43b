import type { Config } from '@thaw/client';
import { formatBps } from '../../format/index.js';

/** A value of a pool's config that can be changed. */
export type ParameterKey = Exclude<keyof Config, 'reserved'>;
/** How a value is written: basis points, seconds, a plain count, or on and off. */
export type ParameterUnit = 'bps' | 'seconds' | 'count' | 'switch';
/** Under which heading a value stands. */
export type ParameterGroup = 'fee' | 'exit' | 'stake' | 'validator' | 'change';

/** A value of a pool's config with the bounds that the program's code sets. */
export type Parameter = {
  readonly key: ParameterKey;
  readonly name: string;
  readonly unit: ParameterUnit;
  /** The least the program accepts, in `unit`. */
  readonly low: number;
  /** The most the program accepts, in `unit`. */
  readonly high: number;
  readonly group: ParameterGroup;
  /** What it does, in a sentence. */
  readonly meaning: string;
};

const WHOLE = 10_000;

function parameter(
  group: ParameterGroup,
  key: ParameterKey,
  name: string,
  unit: ParameterUnit,
  [low, high]: readonly [number, number],
  meaning: string,
): Parameter {
  return { key, name, unit, low, high, group, meaning };
}

/**
 * Every parameter, in the order in which the page shows them. The bounds are those of the program
 * (`constants.rs`, `Config::validate`); a test reads them there and compares.
 */
export const PARAMETERS: readonly Parameter[] = [
  parameter(
    'fee',
    'rewardFeeBps',
    'Fee on rewards',
    'bps',
    [0, 1_000],
    'Part of what stake earns that goes to the treasury, once earlier losses are made up.',
  ),
  parameter(
    'fee',
    'depositFeeBps',
    'Fee on deposits',
    'bps',
    [0, 50],
    'Stays in the pool and belongs to all holders.',
  ),
  parameter(
    'fee',
    'instantFeeMinBps',
    'Instant exit, reserve full',
    'bps',
    [0, 300],
    'Stays in the pool. What leaves while the reserve is at its target pays this.',
  ),
  parameter(
    'fee',
    'instantFeeMaxBps',
    'Instant exit, reserve empty',
    'bps',
    [0, 300],
    'Stays in the pool. The fee rises towards this as the reserve runs out.',
  ),
  parameter(
    'fee',
    'stakeWithdrawalFeeBps',
    'Exit as a stake account',
    'bps',
    [2, 50],
    'Stays in the pool. At least about one epoch of yield, so that nobody takes rewards along.',
  ),
  parameter(
    'fee',
    'referralBps',
    'Referrer’s part',
    'bps',
    [0, WHOLE],
    'Part of the deposit fee that goes to whoever referred the deposit.',
  ),
  parameter(
    'exit',
    'staleHaircutBps',
    'Instant exit before the books are done',
    'bps',
    [0, 100],
    'Taken off per epoch that is not finalized yet, in case of a loss nobody has booked.',
  ),
  parameter(
    'exit',
    'staleExitBps',
    'Room for it, per epoch',
    'bps',
    [0, 25],
    'Part of the pool that may leave instantly between an epoch’s start and its finalize.',
  ),
  parameter(
    'exit',
    'liquidityTargetBps',
    'Reserve target',
    'bps',
    [0, 2_000],
    'Part of the pool that is kept liquid for instant exits.',
  ),
  parameter(
    'stake',
    'releaseSeconds',
    'Release of gains',
    'seconds',
    [43_200, 259_200],
    'A gain enters the exit rate little by little over this time.',
  ),
  parameter(
    'stake',
    'pieceBps',
    'Smallest move',
    'bps',
    [0, 100],
    'Stake moves in pieces of at least this part of the pool, and at least the network’s minimum.',
  ),
  parameter(
    'stake',
    'maxRebalanceBps',
    'Most that moves, per epoch',
    'bps',
    [100, 2_000],
    'For all reasons but withdrawals. So no change of validators can empty the pool at once.',
  ),
  parameter(
    'stake',
    'maxViolatorBps',
    'Most that leaves rule breakers',
    'bps',
    [100, 2_000],
    'The same for validators that a review set aside. Both count together.',
  ),
  parameter(
    'stake',
    'moveWindowBps',
    'Move window',
    'bps',
    [1_000, 10_000],
    'Stake moves only in this last part of an epoch, after its deposits and exits have met.',
  ),
  parameter(
    'stake',
    'circuitLossBps',
    'Circuit breaker',
    'bps',
    [50, WHOLE],
    'An epoch that loses more than this closes deposits for 24 hours. Exits stay open.',
  ),
  parameter(
    'validator',
    'maxValidatorBps',
    'Largest weight of one validator',
    'bps',
    [1, WHOLE],
    'As a part of all weights.',
  ),
  parameter(
    'validator',
    'minValidators',
    'Fewest validators with weight',
    'count',
    [1, 1_000],
    'Weights that leave fewer are refused.',
  ),
  parameter(
    'validator',
    'maxCommissionBps',
    'Highest commission',
    'bps',
    [0, WHOLE],
    'Validators that keep more of the rewards lose their weight.',
  ),
  parameter(
    'validator',
    'asideBps',
    'Weight set aside, per epoch',
    'bps',
    [0, 2_000],
    'The most that reviews may take from rule breakers at once.',
  ),
  parameter(
    'validator',
    'requireBls',
    'BLS key needed',
    'switch',
    [0, 1],
    'Whether a validator must be able to take part in the next epoch: with the key that Solana’s consensus asks for, and 0.8 SOL for its seat.',
  ),
  parameter(
    'change',
    'configDelaySeconds',
    'Wait before a change',
    'seconds',
    [172_800, 2_592_000],
    'Every change of this list waits this long, in public, before it can be applied.',
  ),
];

/** A value that a proposed config would change. */
export type ParameterChange = {
  readonly parameter: Parameter;
  readonly old: number;
  readonly new: number;
};

/** The values in which two configs differ, in the order of {@link PARAMETERS}. */
export function configChanges(old: Config, proposed: Config): ParameterChange[] {
  return PARAMETERS.filter(({ key }) => old[key] !== proposed[key]).map((parameter) => ({
    parameter,
    old: old[parameter.key],
    new: proposed[parameter.key],
  }));
}

/** A parameter's value as it is read: `5.00%`, `2 days`, `12`, `yes`. `locale`: for tests. */
export function parameterText(unit: ParameterUnit, value: number, locale?: string): string {
  switch (unit) {
    case 'bps':
      return formatBps(value, locale);
    case 'seconds':
      return timeText(value, locale);
    case 'count':
      return value.toLocaleString(locale);
    case 'switch':
      return value === 0 ? 'no' : 'yes';
  }
}

/** Seconds in the largest unit that fits: `1 day`, `1.5 days`, `90 minutes`. */
function timeText(seconds: number, locale?: string): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [length, name] = units.find(([length]) => seconds >= length) ?? [1, 'second'];
  const count = seconds / length;
  const text = count.toLocaleString(locale, { maximumFractionDigits: 2 });
  return `${text} ${name}${count === 1 ? '' : 's'}`;
}
