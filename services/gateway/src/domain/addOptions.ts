import { GleanerError } from '@gleaner/primitives';

/** What a caller of `/api/v0/add` wants, of the options that kubo knows. */
export interface AddRequest {
  readonly cidVersion: 0 | 1;
  readonly pin: boolean;
  /** Put everything into one more folder. */
  readonly wrap: boolean;
  /** Only compute the ids. */
  readonly onlyHash: boolean;
}

/** Options of kubo that change ids, with the only values that are supported; leaving them out is always fine. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  chunker: ['size-262144'],
  hash: ['sha2-256'],
  trickle: ['false'],
  nocopy: ['false'],
  inline: ['false'],
  'preserve-mode': ['false'],
  'preserve-mtime': ['false'],
};

/**
 * Decodes the query of `/api/v0/add`. Options that only change the form of kubo's progress are ignored; one that would give another id is refused.
 * @throws {GleanerError} bad-request
 */
export function parseAddQuery(query: Readonly<Record<string, unknown>>): AddRequest {
  for (const [name, allowed] of Object.entries(FIXED)) {
    const value = query[name];
    if (value !== undefined && !allowed.includes(String(value))) throw refused(name, value, allowed);
  }
  const version = query['cid-version'] ?? '0';
  if (version !== '0' && version !== '1') throw refused('cid-version', version, ['0', '1']);
  const rawLeaves = flag(query, 'raw-leaves', version === '1');
  if (rawLeaves !== (version === '1')) throw refused('raw-leaves', rawLeaves, [String(version === '1')]);
  return {
    cidVersion: version === '1' ? 1 : 0,
    pin: flag(query, 'pin', true),
    wrap: flag(query, 'wrap-with-directory', false),
    onlyHash: flag(query, 'only-hash', false),
  };
}

/** A switch of kubo's: `true`, `false`, or given without a value. @throws {GleanerError} bad-request */
export function flag(query: Readonly<Record<string, unknown>>, name: string, otherwise: boolean): boolean {
  const value = query[name];
  if (value === undefined) return otherwise;
  if (value === 'true' || value === '') return true;
  if (value === 'false') return false;
  throw refused(name, value, ['true', 'false']);
}

function refused(name: string, value: unknown, allowed: readonly string[]): GleanerError {
  return new GleanerError('bad-request', `${name}=${String(value).slice(0, 50)} is not supported; use ${allowed.join(' or ')}`, {
    details: { field: name },
  });
}
