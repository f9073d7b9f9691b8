import type { Bytes32 } from '@gleaner/primitives';
import { formatTag, isTeeTag } from './tags.ts';

/** The bits that orders of confidential tasks carry, as stock clients set them: an enclave, of the framework TDX. */
export const ENCLAVE_TAG = formatTag(['tee', 'tdx']);

/** Whether one worker with an enclave may end the tasks of a deal by itself. Source: contracts, `contributeAndFinalize`. */
export function isEndedByOneEnclave({ tag, trust }: { readonly tag: Bytes32; readonly trust: bigint }): boolean {
  return isTeeTag(tag) && trust <= 1n;
}
