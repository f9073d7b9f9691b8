import { type Address, type Bytes32, type Hex, invariant, type TaskId } from '@gleaner/primitives';
import { concat, encodeAbiParameters, encodePacked, keccak256, size, stringToBytes } from 'viem';
import type { WorkerpoolOrder } from '../orders/orderSchema.ts';
import { orderTypes } from '../orders/orderTypes.ts';

/**
 * Signatures that an operator contract accepts: 65 bytes by its agent, then what was signed, since ERC-1271 hands over a digest alone.
 * Source: contracts/src/interfaces/IPoolOperator.sol, `isValidSignature`.
 */
const SIGNATURE_BYTES = 65;

/** @param signature of the agent over the order's hash, 65 bytes */
export function stateOrder(order: WorkerpoolOrder, signature: Hex): Hex {
  const fields = orderTypes.WorkerpoolOrder;
  const words = encodeAbiParameters(fields, fields.map(({ name }) => order[name]) as never);
  return state(signature, words);
}

/** @param signature of the agent over `authorizationHash`, as `personal_sign`, 65 bytes */
export function stateAuthorization(
  { worker, taskId, enclaveChallenge }: { readonly worker: Address; readonly taskId: TaskId; readonly enclaveChallenge: Address },
  signature: Hex,
): Hex {
  return state(signature, encodePacked(['address', 'bytes32', 'address'], [worker, taskId, enclaveChallenge]));
}

/**
 * @param challenge sentence of a market
 * @param signature of the agent over the typed data of the challenge, 65 bytes
 */
export function stateLogin(challenge: string, signature: Hex): Hex {
  return state(signature, keccak256(stringToBytes(challenge)) as Bytes32);
}

function state(signature: Hex, statement: Hex): Hex {
  invariant(size(signature) === SIGNATURE_BYTES, 'An agent signs with 65 bytes', { bytes: size(signature) });
  return concat([signature, statement]);
}
