import { FILE_ERRNOS, GleanerError, isGleanerError, type ReasonCode } from '@gleaner/primitives';

interface Rule {
  /** SQLSTATE, first two characters of it, or errno name. */
  readonly codes: readonly string[];
  readonly reason: ReasonCode;
  readonly says: string;
}

/** First match wins. SQLSTATE classes: PostgreSQL manual, appendix A. */
const RULES: readonly Rule[] = [
  { codes: ['53100', ...FILE_ERRNOS['disk-full']], reason: 'disk-full', says: 'has no space left' },
  // A socket that is not there; the files of a server are its own affair.
  { codes: ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT'], reason: 'database-unreachable', says: 'does not answer' },
  { codes: ['XX001', 'XX002', 'F0'], reason: 'data-corrupt', says: 'reports damaged data' },
  {
    codes: ['58', ...FILE_ERRNOS['data-unreadable']],
    reason: 'data-unreadable',
    says: 'cannot read or write its files',
  },
  {
    codes: ['08', '28', '3D', '53', '57P01', '57P02', '57P03', '57P05', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE'],
    reason: 'database-unreachable',
    says: 'cannot be used',
  },
  { codes: ['57014', '25P03', '25P04', '40', '55P03'], reason: 'timed-out', says: 'gave up on a statement' },
  { codes: ['23'], reason: 'invariant-broken', says: 'refused a row' },
];

/** Failures of `pg` that carry no code. */
const UNREACHABLE =
  /connection terminated|timeout exceeded when trying to connect|server closed the connection|connection ended|not queryable/i;
const TIMED_OUT = /query read timeout/i;

/** Numbers of errors in the file system of the embedded engine (WASI preview 1, `errno`). */
const EMBEDDED_ERRNO: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  29: 'EIO',
  31: 'EISDIR',
  51: 'ENOSPC',
  54: 'ENOTDIR',
  63: 'EPERM',
  69: 'EROFS',
};

/**
 * One typed error for whatever the driver threw: database-unreachable, disk-full, data-unreadable, data-corrupt, timed-out,
 * invariant-broken for a violated constraint, otherwise internal-error. Parameters of the statement never enter it, nor its cause.
 * @param place names the database without credentials
 */
export function translateError(error: unknown, place: string, statement?: string): GleanerError {
  if (isGleanerError(error)) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : (code ?? String(error));
  const rule = RULES.find(({ codes }) => codes.some((known) => matches(known, code)));
  const reason = rule?.reason ?? reasonOfMessage(message);
  const details = { database: place, code, statement: statement?.slice(0, 200) };
  return new GleanerError(reason, `The database at ${place} ${rule?.says ?? 'failed'}: ${message}`, {
    details,
    cause: withoutParameters(error),
  });
}

const matches = (known: string, code: string | undefined): boolean =>
  code === known || (known.length === 2 && code?.length === 5 && code.startsWith(known));

function reasonOfMessage(message: string): ReasonCode {
  if (UNREACHABLE.test(message)) return 'database-unreachable';
  if (TIMED_OUT.test(message)) return 'timed-out';
  return 'internal-error';
}

/** Node wraps the attempts on several addresses of one host in an AggregateError, whose own code is that of the first. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'errno' in error && typeof error.errno === 'number' ? EMBEDDED_ERRNO[error.errno] : undefined;
}

/** The embedded engine hangs the parameters of the statement on its errors. */
function withoutParameters(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'params' in error) delete error.params;
  return error;
}
