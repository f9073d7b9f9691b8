import { GleanerError, isGleanerError, isReasonCode, type ReasonCode } from '@gleaner/primitives';
import { reasonOfStatus } from './statusOf.ts';

/** What may have ended a request before its answer was complete. */
export interface RequestEnd {
  /** Of the caller. */
  readonly signal: AbortSignal | undefined;
  readonly timeout: AbortSignal;
  readonly timeoutMs: number;
}

/** Why a request got no whole answer: aborted, timed-out or service-unreachable; a typed error stays as it is. */
export function requestFailure(error: unknown, url: URL, { signal, timeout, timeoutMs }: RequestEnd): GleanerError {
  if (isGleanerError(error)) return error;
  const details = { url: url.origin + url.pathname };
  if (signal?.aborted) return new GleanerError('aborted', `The call of ${details.url} was cancelled`, { details, cause: error });
  if (timeout.aborted)
    return new GleanerError('timed-out', `${details.url} did not answer within ${timeoutMs} ms`, { details, cause: error });
  return new GleanerError('service-unreachable', `${details.url} cannot be reached`, { details, cause: error });
}

/** The error of a body `{ok:false,error,code,details}`, or one made from the status when a foreign server answered. */
export function refusal(url: URL, status: number, body: unknown): GleanerError {
  const { error, code, details } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: unknown;
    code?: unknown;
    details?: unknown;
  };
  const reason: ReasonCode = isReasonCode(code) ? code : reasonOfStatus(status);
  const message = typeof error === 'string' && error !== '' ? error : `${url.origin + url.pathname} answered ${status}`;
  return new GleanerError(reason, message, { details: { ...printable(details), status } });
}

function printable(details: unknown): Record<string, string | number | boolean> {
  if (typeof details !== 'object' || details === null) return {};
  return Object.fromEntries(Object.entries(details).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)));
}

/** The value of a JSON text, `undefined` for any other text. */
export function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
