import type { Chain } from '../client/createChain.ts';

export type Fees =
  | { readonly type: 'eip1559'; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly type: 'legacy'; readonly gasPrice: bigint };

/** A transaction stays minable while the base fee grows to this multiple (six full blocks in a row double it). */
const BASE_FEE_HEADROOM = 2n;
const FRESH_MS = 1000;

/** Fees as the chain asks for them now, in wei per gas; asked at most once a second, however many transactions are prepared. */
export function createFeeSource(chain: Chain): () => Promise<Fees> {
  let known: { readonly at: number; readonly fees: Promise<Fees> } | undefined;
  return () => {
    const now = performance.now();
    if (!known || now - known.at > FRESH_MS) {
      const fees = readFees(chain);
      known = { at: now, fees };
      fees.catch(() => {
        known = undefined;
      });
    }
    return known.fees;
  };
}

function readFees(chain: Chain): Promise<Fees> {
  return chain.attempt(async (rpc) => {
    const { baseFeePerGas } = await rpc.getBlock({ blockTag: 'latest' });
    if (baseFeePerGas === null) return { type: 'legacy', gasPrice: await rpc.getGasPrice() };
    const maxPriorityFeePerGas = await rpc.estimateMaxPriorityFeePerGas();
    return { type: 'eip1559', maxPriorityFeePerGas, maxFeePerGas: baseFeePerGas * BASE_FEE_HEADROOM + maxPriorityFeePerGas };
  }, 'fees');
}
