export { useChain, type Chain } from './context.js';
export { ChainProvider } from './ChainProvider.js';
export { KEYS, type Subject } from './queries/keys.js';
export { useBalances, type Balances } from './queries/useBalances.js';
export { poolQuery, usePoolState } from './queries/usePoolState.js';
export { useStakeAccounts } from './queries/useStakeAccounts.js';
export { useTickets } from './queries/useTickets.js';
export { useValidators } from './queries/useValidators.js';
export { useEpoch, useNow, useWallClock } from './useNow.js';
export { deadline } from './deadline.js';
export {
  changeSettings,
  MOST_SLIPPAGE_BPS,
  settings,
  useSettings,
  type Settings,
  type Theme,
} from './settings.js';
export { CLUSTER_NAMES, type Cluster, type Site } from './site.js';
export * from './transaction/index.js';
export * from './sync/index.js';
export { attempt } from './attempt.js';
export { wrongClusterWords } from './cluster.js';
export { useGenesis } from './queries/useGenesis.js';
export { usePoolNow, type PoolNow } from './usePoolNow.js';
