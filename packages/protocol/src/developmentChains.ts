/** Chain ids of local networks, both ends included; registered for nothing else when this was chosen. */
export const LOWEST_DEVELOPMENT_CHAIN_ID = 1_337_001;
export const HIGHEST_DEVELOPMENT_CHAIN_ID = 1_346_999;

/** Whether this is the id of a local network, whose keys and money are for play. */
export function isDevelopmentChain(chainId: number): boolean {
  return chainId >= LOWEST_DEVELOPMENT_CHAIN_ID && chainId <= HIGHEST_DEVELOPMENT_CHAIN_ID;
}
