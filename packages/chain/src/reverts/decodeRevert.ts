import { appRegistryAbi, hubAbi, poolOperatorAbi, tokenAbi, workerpoolAbi } from '@gleaner/abi';
import type { Hex } from '@gleaner/primitives';
import { isHex, show } from '@gleaner/primitives';
import { decodeErrorResult } from 'viem';

/** What a reverted call said. */
export type Revert =
  | { readonly kind: 'reason'; readonly reason: string }
  | { readonly kind: 'custom'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'panic'; readonly code: number }
  | { readonly kind: 'empty' }
  /** The address answered nothing: no contract is there, or none with this function. */
  | { readonly kind: 'no-contract' }
  | { readonly kind: 'unknown'; readonly data: Hex };

const ERRORS = [...hubAbi, ...tokenAbi, ...appRegistryAbi, ...workerpoolAbi, ...poolOperatorAbi].filter((item) => item.type === 'error');

/** Revert data → value. Never throws: data of no known error is `unknown`. */
export function decodeRevertData(data: Hex): Revert {
  if (data === '0x') return { kind: 'empty' };
  try {
    const { errorName, args } = decodeErrorResult({ abi: ERRORS, data }) as { errorName: string; args?: readonly unknown[] };
    const [first] = args ?? [];
    if (errorName === 'Error') return { kind: 'reason', reason: String(first) };
    if (errorName === 'Panic') return { kind: 'panic', code: Number(first) };
    return { kind: 'custom', name: errorName, args: (args ?? []).map(show) };
  } catch {
    return { kind: 'unknown', data };
  }
}

/**
 * The revert inside an error of the RPC client, or `undefined` when it is no revert.
 * Nodes disagree on the form: hexadecimal data, an object around it, or only a message.
 */
export function findRevert(error: unknown): Revert | undefined {
  let message: string | undefined;
  for (const link of chainOfCauses(error)) {
    const data = revertData(link);
    if (data !== undefined && data !== '0x') return decodeRevertData(data);
    const text = textOf(link);
    if (/\brevert(ed)?\b/i.test(text)) message = text;
  }
  if (message === undefined) return undefined;
  const reason = /execution reverted: (?:revert: )?([^\n,]+)/.exec(message)?.[1]?.trim();
  return reason ? { kind: 'reason', reason } : { kind: 'empty' };
}

/** The error and its causes, outermost first. */
export function* chainOfCauses(error: unknown): Generator<Record<string, unknown>> {
  let current = error;
  for (let depth = 0; depth < 12 && typeof current === 'object' && current !== null; depth++) {
    yield current as Record<string, unknown>;
    current = (current as { cause?: unknown }).cause;
  }
}

function revertData(link: Record<string, unknown>): Hex | undefined {
  const { raw, data } = link as { raw?: unknown; data?: unknown };
  const nested = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : undefined;
  return [raw, data, nested].find(isHex);
}

/** What the node itself said: viem keeps it in `details`. */
function textOf(link: Record<string, unknown>): string {
  return String(link['details'] ?? link['message'] ?? '');
}
