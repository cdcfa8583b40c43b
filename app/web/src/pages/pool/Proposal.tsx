import type { PoolState } from '@thaw/client';
import { formatDuration, formatTime } from '../../format/index.js';
import { Badge, Card, CopyableAddress, Skeleton, Table, type Column } from '../../ui/index.js';
import { proposalPhase } from './gateRules.js';
import { configChanges, parameterText } from './parameters.js';
import styles from './Proposal.module.css';

export interface ProposalProps {
  state: PoolState | undefined;
  /** The chain's time, unix seconds. */
  now: bigint | undefined;
}

type Change = {
  readonly name: string;
  readonly old: React.ReactNode;
  readonly new: React.ReactNode;
};

const COLUMNS: readonly Column<Change>[] = [
  { key: 'name', header: 'What', isRowHeader: true, cell: (row) => row.name },
  { key: 'old', header: 'Now', isNumeric: true, cell: (row) => row.old },
  { key: 'new', header: 'Then', isNumeric: true, cell: (row) => <strong>{row.new}</strong> },
];

const WORDS = {
  waiting: { kind: 'info', text: 'waits' },
  ready: { kind: 'warn', text: 'may be applied' },
  lapsed: { kind: 'plain', text: 'lapsed' },
} as const;

/** The config that waits, if there is one: what it changes, and when it may come into force. */
export function Proposal({ state, now }: ProposalProps) {
  const proposal = state && now !== undefined ? proposalPhase(state.pool, now) : undefined;
  const words = proposal && WORDS[proposal.phase];
  return (
    <Card
      title="Changes that wait"
      aside={words && <Badge kind={words.kind}>{words.text}</Badge>}
      isFlush={!!proposal}
    >
      {proposal === undefined ? (
        <Skeleton />
      ) : proposal === null || state === undefined || now === undefined ? (
        <p>
          None. A change of fees or parameters stands here for at least 48 hours before it counts.
        </p>
      ) : (
        <>
          <Table
            caption="Changes that wait"
            columns={COLUMNS}
            rows={changesOf(state)}
            rowKey={(row) => row.name}
            empty="The proposal changes nothing."
          />
          <p className={styles.when}>
            {proposal.phase === 'waiting' && (
              <>
                Anyone may apply it from {formatTime(proposal.readyAt)} on, in{' '}
                {formatDuration(proposal.readyAt - now)}, for 7 days. The admin can take it back.
              </>
            )}
            {proposal.phase === 'ready' && (
              <>Anyone may apply it now, until {formatTime(proposal.lapsesAt)}.</>
            )}
            {proposal.phase === 'lapsed' && (
              <>It lapsed on {formatTime(proposal.lapsesAt)} and cannot be applied any more.</>
            )}
          </p>
        </>
      )}
    </Card>
  );
}

function changesOf({ pool }: PoolState): Change[] {
  const changes: Change[] = configChanges(pool.config, pool.proposedConfig).map((change) => ({
    name: change.parameter.name,
    old: parameterText(change.parameter.unit, change.old),
    new: parameterText(change.parameter.unit, change.new),
  }));
  if (pool.treasury !== pool.proposedTreasury) {
    changes.push({
      name: 'Treasury',
      old: <CopyableAddress address={pool.treasury} label="treasury" />,
      new: <CopyableAddress address={pool.proposedTreasury} label="proposed treasury" />,
    });
  }
  return changes;
}
