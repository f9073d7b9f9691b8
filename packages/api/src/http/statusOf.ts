import type { ReasonCode } from '@gleaner/primitives';
import type { Statuses } from './defineEndpoint.ts';

/** HTTP status per reason; a reason that is not listed is the caller's mistake (400) or ours (500), by its culprit. */
const STATUS: Statuses = {
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'order-not-found': 404,
  'deal-not-found': 404,
  'task-not-found': 404,
  'content-not-found': 404,
  'program-not-found': 404,
  'key-not-found': 404,
  'secret-not-found': 404,
  'result-not-ready': 404,
  'result-unavailable': 404,
  'order-already-published': 409,
  'order-consumed': 409,
  'stake-too-low': 409,
  'no-matching-order': 409,
  'resource-not-deployed': 409,
  'secret-exists': 409,
  'secret-limit': 409,
  'secret-missing': 409,
  'task-not-active': 409,
  'enclave-already-released': 409,
  'enclave-not-allowed': 403,
  'invitation-invalid': 403,
  'evidence-invalid': 403,
  'evidence-mismatch': 403,
  'measurement-unknown': 403,
  'content-too-large': 413,
  'program-too-large': 413,
  'rate-limited': 429,
  'quota-exceeded': 507,
  'disk-full': 507,
  'chain-unreachable': 503,
  'chain-replaced': 503,
  'database-unreachable': 503,
  'storage-unreachable': 503,
  'storage-refused': 503,
  'service-unreachable': 503,
  'scheduler-unreachable': 503,
  'network-not-running': 503,
  aborted: 503,
  'timed-out': 504,
  'transaction-timed-out': 504,
  'data-corrupt': 500,
  'data-unreadable': 500,
  'content-corrupt': 500,
  'invariant-broken': 500,
  'internal-error': 500,
};

/** HTTP status of a reason code; an endpoint may override single codes. */
export function statusOf(code: ReasonCode, overrides: Statuses = {}): number {
  return overrides[code] ?? STATUS[code] ?? 400;
}

/** Reason code for an answer without one, as foreign servers send it. */
export function reasonOfStatus(status: number): ReasonCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 413) return 'content-too-large';
  if (status === 429) return 'rate-limited';
  if (status === 504) return 'timed-out';
  if (status === 502 || status === 503) return 'service-unreachable';
  return status >= 500 ? 'internal-error' : 'bad-request';
}
