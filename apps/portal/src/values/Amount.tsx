import type { NanoRlc } from '@gleaner/primitives';
import { formatCoin, formatRlc } from './format.ts';

/** An amount of RLC; the exact nRLC are in its tooltip. */
export function Amount({ nano, per }: { readonly nano: NanoRlc; readonly per?: string }) {
  return (
    <data className="amount" value={nano.toString()} title={`${nano} nRLC`}>
      {formatRlc(nano)} <span className="unit">RLC{per === undefined ? '' : ` / ${per}`}</span>
    </data>
  );
}

/** An amount of the chain's own coin, which pays for gas. */
export function Coin({ wei }: { readonly wei: bigint }) {
  return (
    <data className="amount" value={wei.toString()} title={`${wei} wei`}>
      {formatCoin(wei)} <span className="unit">coin</span>
    </data>
  );
}
