import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { THAW_PROGRAM_ADDRESS } from '@thaw/client';
import { deadline, useChain } from '../../chain/index.js';
import { formatCount } from '../../format/index.js';
import { Card, CopyableAddress, DefinitionList } from '../../ui/index.js';
import { LoadError } from './LoadError.js';
import { fetchProgramInfo, PROGRAM_DATA_HEADER, type ProgramInfo } from './program.js';
import { ProgramHash } from './ProgramHash.js';

/** Who may replace the program and where its bytes are; asked once in a while. */
export function useProgramInfo(): UseQueryResult<ProgramInfo> {
  const { rpc, rpcUrl } = useChain();
  return useQuery({
    queryKey: ['program', rpcUrl],
    queryFn: ({ signal }) => fetchProgramInfo(rpc, THAW_PROGRAM_ADDRESS, deadline(signal)),
    staleTime: 60_000,
  });
}

export interface ProgramCardProps {
  info: UseQueryResult<ProgramInfo>;
}

/** The program on chain, and its hash on demand. */
export function ProgramCard({ info }: ProgramCardProps) {
  const { data } = info;
  return (
    <Card title="The program">
      {info.isError && !data ? (
        <LoadError
          what="the program"
          error={info.error}
          onRetry={() => void info.refetch()}
          isRetrying={info.isFetching}
        />
      ) : (
        <DefinitionList
          items={[
            {
              term: 'Address',
              value: <CopyableAddress address={THAW_PROGRAM_ADDRESS} label="program" />,
            },
            {
              term: 'Its bytes are in',
              value: data && <CopyableAddress address={data.programData} label="program data" />,
            },
            {
              term: 'Last deployed in slot',
              value: data && formatCount(data.deployedSlot),
              help: 'When the code was last replaced.',
            },
            {
              term: 'Room for',
              value: data && `${formatCount(data.accountBytes - PROGRAM_DATA_HEADER)} bytes`,
            },
          ]}
        />
      )}
      <ProgramHash info={data} />
    </Card>
  );
}
