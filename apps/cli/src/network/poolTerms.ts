/** What a pool offers on a development network. */
export const POOL_TERMS = { price: 1_000_000_000n, trust: 1_000_000n, volume: 10_000n } as const;
/** Free stake of the pool's owner, in nRLC. */
export const POOL_STAKE = 500_000_000_000_000n;
