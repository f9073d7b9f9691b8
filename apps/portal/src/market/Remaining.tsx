import { MAX_MARKET_INTEGER } from '@gleaner/api';
import { groupDigits } from '../values/format.ts';

/** Volume that is left of an offer; the market counts exactly up to 2^53 − 1 only. */
export function Remaining({ tasks }: { readonly tasks: bigint }) {
  return <td className="number">{tasks >= MAX_MARKET_INTEGER ? 'practically unlimited' : groupDigits(tasks.toString())}</td>;
}
