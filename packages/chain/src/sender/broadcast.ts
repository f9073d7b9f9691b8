import { GleanerError } from '@gleaner/primitives';
import type { Chain } from '../client/createChain.ts';
import { chainOfCauses, findRevert } from '../reverts/decodeRevert.ts';
import { nodeMessage, slimCause } from '../reverts/rpcFailure.ts';
import { revertError } from '../reverts/translateRevert.ts';
import type { OutboxEntry } from './outbox.ts';

/**
 * `accepted` it is in the pool, or was already;
 * `doubtful` its nonce may be used up, or nobody knows whether it arrived: receipts and nonces will tell;
 * `refused` the node did not take it and will not.
 */
export type BroadcastAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'doubtful' }
  | { readonly kind: 'refused'; readonly error: GleanerError };

/** Hands a signed transaction to the node; may be repeated at any time. Never throws. */
export async function broadcast(chain: Chain, { raw, hash, effect }: OutboxEntry): Promise<BroadcastAnswer> {
  try {
    await chain.client.request({ method: 'eth_sendRawTransaction', params: [raw] });
    return { kind: 'accepted' };
  } catch (error) {
    if (!isAnswerOfNode(error)) return { kind: 'doubtful' };
    return classify(error, { hash, effect });
  }
}

function classify(error: unknown, details: { hash: string; effect: string }): BroadcastAnswer {
  const said = nodeMessage(error);
  if (/already (known|imported|in mempool|exists)|known transaction/i.test(said)) return { kind: 'accepted' };
  if (/nonce (is )?too low|nonce.*already.*used|invalid nonce|underpriced/i.test(said)) return { kind: 'doubtful' };
  if (/insufficient (funds|balance)|exceeds (the )?balance/i.test(said)) {
    return refused(
      new GleanerError('gas-too-low', `The account cannot pay for the transaction: ${said}`, { details, cause: slimCause(error) }),
    );
  }
  const revert = findRevert(error);
  if (revert) return refused(revertError(revert, undefined, slimCause(error)));
  return refused(
    new GleanerError('transaction-rejected', `The node refused the transaction: ${said}`, { details, cause: slimCause(error) }),
  );
}

function refused(error: GleanerError): BroadcastAnswer {
  return { kind: 'refused', error };
}

/** A JSON-RPC error, in contrast to a failure of the connection. */
function isAnswerOfNode(error: unknown): boolean {
  for (const link of chainOfCauses(error)) if (link['name'] === 'RpcRequestError') return true;
  return false;
}
