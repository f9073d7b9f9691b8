import { type Details, GleanerError } from '@gleaner/primitives';
import { chainOfCauses, findRevert } from './decodeRevert.ts';
import { revertError } from './translateRevert.ts';

export interface FailureContext {
  readonly rpcUrl: string;
  /** Call that failed, for the details and for the meaning of an empty revert. */
  readonly what?: string;
}

/** Any failure of the RPC client → typed error, at the one place where such failures enter. */
export function rpcFailure(error: unknown, { rpcUrl, what }: FailureContext): GleanerError {
  if (error instanceof GleanerError) return error;
  const host = hostOf(rpcUrl);
  const fail = (
    code: 'chain-unreachable' | 'timed-out' | 'rate-limited' | 'aborted' | 'internal-error',
    message: string,
    more: Details = {},
  ) => new GleanerError(code, message, { details: { host, what, ...more }, cause: slimCause(error) });

  for (const link of chainOfCauses(error)) {
    // the reason that a signal was aborted with
    if (link instanceof GleanerError && (link.code === 'aborted' || link.code === 'timed-out')) return link;
    const { name, status } = link as { name?: unknown; status?: unknown };
    if (name === 'ContractFunctionZeroDataError') return revertError({ kind: 'no-contract' }, what, slimCause(error));
    if (name === 'AbortError') return fail('aborted', 'The request to the chain was cancelled');
    if (name === 'TimeoutError') return fail('timed-out', `The chain at ${host} did not answer in time`);
    if (name === 'HttpRequestError' && status === 429) return fail('rate-limited', `The chain at ${host} asks to slow down`);
    // numbers that are none, or no JSON at all
    if (name === 'SyntaxError') return fail('chain-unreachable', `What answers at ${host} is no node of a chain`);
    if (name === 'HttpRequestError') {
      return fail('chain-unreachable', `The chain at ${host} cannot be reached`, typeof status === 'number' ? { status } : {});
    }
  }
  return translateRevert(error, what) ?? fail('internal-error', `The chain refused ${what ?? 'the request'}: ${nodeMessage(error)}`);
}

/**
 * The typed error of a call that a client of one's own made, or `undefined` when its failure is no revert.
 * @param call function that was called
 */
export function translateRevert(error: unknown, call?: string): GleanerError | undefined {
  if (error instanceof GleanerError) return error;
  const revert = findRevert(error);
  return revert && revertError(revert, call, slimCause(error));
}

/** The innermost sentence of the node, without the request that may carry long call data. */
export function nodeMessage(error: unknown): string {
  let text = '';
  for (const link of chainOfCauses(error)) text = String(link['details'] ?? link['shortMessage'] ?? link['message'] ?? text);
  return text.slice(0, 300);
}

/** An URL may hold an access key in its path; only its host is named in errors. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an invalid URL';
}

/** What failed, without the request: that may hold an access key in its URL, and call data of many kilobytes. */
export function slimCause(error: unknown): Error {
  const slim = new Error(nodeMessage(error));
  if (error instanceof Error) slim.name = error.name;
  return slim;
}
