import { useChain } from '../../chain/index.js';
import { Card, CopyableAddress, DefinitionList } from '../../ui/index.js';

/** The pool's accounts, all derived from its share mint. */
export function Addresses() {
  const { addresses } = useChain();
  const lines = [
    ['Pool', addresses.pool, 'The books, the powers, the parameters.'],
    ['Share mint', addresses.mint, 'The token that stands for a part of the pool.'],
    ['Reserve', addresses.reserve, 'Holds the liquid SOL.'],
    ['Validator list', addresses.validators, 'What each validator holds and weighs.'],
    ['Authority', addresses.authority, 'Signs for the stake accounts. No key exists for it.'],
    ['Queue’s shares', addresses.escrow, 'Shares that wait in the queue.'],
    ['Locked shares', addresses.bootstrap, 'The first deposit’s shares, which can never leave.'],
  ] as const;
  return (
    <Card title="Accounts">
      <DefinitionList
        items={lines.map(([term, address, help]) => ({
          term,
          help,
          value: <CopyableAddress address={address} label={term.toLowerCase()} />,
        }))}
      />
    </Card>
  );
}
