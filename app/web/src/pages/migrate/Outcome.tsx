import type { MigrationPlan } from '@thaw/client';
import { useChain } from '../../chain/index.js';
import { formatBps, formatPpb } from '../../format/index.js';
import { Amount, CopyableAddress, DefinitionList } from '../../ui/index.js';
import type { Terms } from './terms.js';

export interface OutcomeProps {
  /** `undefined` while it is quoted. */
  plan: MigrationPlan | undefined;
  terms: Terms | undefined;
  slippageBps: number;
}

/** What goes in, what each pool keeps, what comes out. */
export function Outcome({ plan, terms, slippageBps }: OutcomeProps) {
  const { symbol } = useChain().site;
  const sol = (value: bigint | undefined) =>
    value === undefined ? undefined : <Amount value={value} unit="SOL" places={6} />;
  return (
    <DefinitionList
      label="What comes out"
      items={[
        { term: 'Worth of the tokens', value: sol(terms?.worthThere) },
        {
          term: 'Fee there',
          value: sol(terms?.feeThere),
          help: 'Kept by the stake pool that you leave.',
        },
        { term: 'Stake that moves', value: sol(terms?.stake) },
        {
          term: 'Validator',
          value: plan && <CopyableAddress address={plan.validator.vote} label="validator" />,
          help: 'Both pools have it, one gives its stake and the other has room for it. The stake stays active and goes on earning.',
        },
        {
          term: 'Rent, added to it',
          value: sol(terms?.rent),
          help: 'The stake account between the pools needs rent. Your wallet pays it, and it is deposited with the stake.',
        },
        {
          term: 'Fee here',
          value: sol(terms?.feeHere),
          help: 'This pool’s fee on deposits. It belongs to all holders.',
        },
        {
          term: 'Both fees',
          value: terms && formatPpb(terms.costPpb, 3),
        },
        {
          term: 'For gain not released yet',
          value: sol(terms?.premium),
          help: 'Every deposit pays for gain that others’ stake earned and that is still being released. It comes back in about a day.',
        },
        {
          term: 'You get about',
          value: terms && <Amount value={terms.shares} unit={symbol} places={6} isFocusable />,
          isStrong: true,
        },
        {
          term: 'At least',
          value: terms && <Amount value={terms.least} unit={symbol} places={6} />,
          help: `Or the transaction fails and nothing moves: at most ${formatBps(slippageBps)} less than quoted. Change this in the settings.`,
        },
      ]}
    />
  );
}
