import type { Address, Hex } from '@gleaner/primitives';
import { assertNever } from '@gleaner/primitives';
import { encodeErrorResult, parseAbi } from 'viem';

/** How the hub refuses a call. `foreign` is whatever another contract, for example the token, reverted with. */
export type Revert =
  | { readonly kind: 'string'; readonly reason: string }
  | { readonly kind: 'panic'; readonly code: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'custom'; readonly name: 'CallerIsNotTheRequester' | 'OperationFailed' }
  | { readonly kind: 'foreign'; readonly contract: Address };

export const EMPTY_REVERT: Revert = { kind: 'empty' };
export const stringRevert = (reason: string): Revert => ({ kind: 'string', reason });
export const panicRevert = (code: number): Revert => ({ kind: 'panic', code });

const errorsAbi = parseAbi([
  'error Error(string reason)',
  'error Panic(uint256 code)',
  'error CallerIsNotTheRequester()',
  'error OperationFailed()',
]);

/** Revert data as the node returns it, or undefined where it is another contract's. */
export function encodeRevert(revert: Revert): Hex | undefined {
  switch (revert.kind) {
    case 'string':
      return encodeErrorResult({ abi: errorsAbi, errorName: 'Error', args: [revert.reason] });
    case 'panic':
      return encodeErrorResult({ abi: errorsAbi, errorName: 'Panic', args: [BigInt(revert.code)] });
    case 'custom':
      return encodeErrorResult({ abi: errorsAbi, errorName: revert.name });
    case 'empty':
      return '0x';
    case 'foreign':
      return undefined;
    default:
      return assertNever(revert);
  }
}
