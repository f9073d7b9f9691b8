import { type ErrorBody, GleanerError, isGleanerError } from '@gleaner/primitives';
import type { Statuses } from './defineEndpoint.ts';
import { statusOf } from './statusOf.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  /** True when the failure is ours: log the error itself, the body only carries its id. */
  readonly unexpected: boolean;
}

/** Issues of the four parts of a request, as the zod validator reports them. */
interface ValidationFailure {
  readonly validationContext?: string;
  readonly validation: readonly { readonly instancePath?: string; readonly message?: string }[];
}

const PART: Readonly<Record<string, string>> = { querystring: 'query', params: 'path', body: 'body', headers: 'headers' };

/** Messages for what the HTTP layer itself refuses; its own text stays inside. */
const REFUSED: Readonly<Record<number, string>> = {
  400: 'The request is not well formed',
  408: 'The request took too long to arrive',
  413: 'The body is larger than this endpoint takes',
  414: 'The URL is too long',
  415: 'The content type is not supported; send application/json',
  431: 'The headers are too large',
};

/**
 * The answer to any failure: typed errors as they are, refused requests as `bad-request`, everything else as `internal-error` with an id to look up in the log.
 * Internal text (stack, SQL, paths) never enters the body.
 */
export function errorAnswer(error: unknown, requestId: string, overrides: Statuses = {}): ErrorAnswer {
  if (isGleanerError(error)) return typedAnswer(error, requestId, overrides);
  if (isValidationFailure(error)) return expected(new GleanerError('bad-request', validationMessage(error)), overrides);
  if (hasCode(error, 'FST_ERR_HANDLER_TIMEOUT')) return expected(new GleanerError('timed-out', 'The answer took too long'), overrides);
  const status = clientStatus(error);
  if (status !== undefined) return refused(status);
  return internal(requestId);
}

function typedAnswer(error: GleanerError, requestId: string, overrides: Statuses): ErrorAnswer {
  const status = statusOf(error.code, overrides);
  return status === 500 ? internal(requestId) : expected(error, overrides);
}

function expected(error: GleanerError, overrides: Statuses): ErrorAnswer {
  return { status: statusOf(error.code, overrides), body: error.toBody(), unexpected: false };
}

/** The answer to what the HTTP layer itself refuses. */
export function refused(status: number): ErrorAnswer {
  const code = status === 413 ? 'content-too-large' : status === 429 ? 'rate-limited' : 'bad-request';
  return { status, body: new GleanerError(code, REFUSED[status] ?? 'The request was refused').toBody(), unexpected: false };
}

function internal(requestId: string): ErrorAnswer {
  const error = new GleanerError('internal-error', `Internal error, see the log for ${requestId}`, { details: { requestId } });
  return { status: 500, body: error.toBody(), unexpected: true };
}

function validationMessage(error: ValidationFailure): string {
  const part = PART[error.validationContext ?? ''] ?? 'request';
  const issues = error.validation.slice(0, 5).map(({ instancePath = '', message = 'is not valid' }) => {
    const path = instancePath.split('/').filter((step) => step !== '');
    return `${[part, ...path].join('.')}: ${message}`;
  });
  return issues.join('; ');
}

function isValidationFailure(error: unknown): error is ValidationFailure {
  return typeof error === 'object' && error !== null && 'validation' in error && Array.isArray(error.validation);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Status 4xx that the HTTP layer put on its error. */
function clientStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const status = error.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
