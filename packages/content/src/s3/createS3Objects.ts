import { GleanerError } from '@gleaner/primitives';
import { MAX_BLOCK_BYTES } from '../car.ts';
import type { ObjectEntry, ObjectPort } from '../objects/ObjectPort.ts';
import { parseListing } from './parseListing.ts';
import type { S3Place } from './parseS3Url.ts';
import { isAbsent, type S3Answer } from './S3Answer.ts';
import type { S3Credentials } from './S3Credentials.ts';
import { type S3Request, type SendOptions, sendS3Request } from './sendS3Request.ts';
import { nameOf, translateS3Answer } from './translateS3Failure.ts';

export interface S3Options extends Partial<SendOptions> {
  readonly credentials: S3Credentials;
}

/** «Range not satisfiable»: it has no first byte. */
const EMPTY_OBJECT = 416;
const DEFAULTS: SendOptions = { timeoutMs: 30_000, tries: 5, backoffMs: 100 };

/** Objects below a prefix of a bucket. Opens nothing: the first request says whether it works. */
export function createS3Objects(place: S3Place, { credentials, ...options }: S3Options): ObjectPort {
  const settings = { ...DEFAULTS, ...options };
  const client = { place, credentials, signingKeys: new Map() };
  const send = (what: string, request: S3Request, tries = settings.tries) =>
    sendS3Request(client, { ...request, what }, { ...settings, tries });
  const refused = (what: string, answer: S3Answer) => translateS3Answer(place, what, answer);

  return {
    place: nameOf(place),

    async put(key, bytes) {
      const answer = await send(`Writing ${key}`, { method: 'PUT', key, body: bytes });
      if (answer.status !== 200) throw refused(`Writing ${key}`, answer);
    },

    async get(key) {
      const answer = await send(`Reading ${key}`, { method: 'GET', key, maxBytes: MAX_BLOCK_BYTES });
      if (answer.status === 200) return answer.body;
      if (isAbsent(answer)) return undefined;
      throw refused(`Reading ${key}`, answer);
    },

    async size(key) {
      const answer = await send(`Looking at ${key}`, { method: 'GET', key, range: 'bytes=0-0', maxBytes: MAX_BLOCK_BYTES });
      if (isAbsent(answer)) return undefined;
      if (![200, 206, EMPTY_OBJECT].includes(answer.status)) throw refused(`Looking at ${key}`, answer);
      return sizeOf(key, answer);
    },

    async remove(key, { once = false } = {}) {
      const answer = await send(`Removing ${key}`, { method: 'DELETE', key }, once ? 1 : settings.tries);
      if (answer.status !== 204 && answer.status !== 200 && !isAbsent(answer)) throw refused(`Removing ${key}`, answer);
    },

    async *list(prefix): AsyncGenerator<ObjectEntry, void, undefined> {
      let next: string | undefined;
      do {
        const query = { 'list-type': '2', prefix: place.prefix + prefix, ...(next === undefined ? {} : { 'continuation-token': next }) };
        const answer = await send(`Listing ${prefix}`, { method: 'GET', key: undefined, query });
        if (answer.status !== 200) throw refused(`Listing ${prefix}`, answer);
        const page = parseListing(answer.body.toString('utf8'));
        for (const entry of page.entries) yield { ...entry, key: entry.key.slice(place.prefix.length) };
        next = page.next;
      } while (next !== undefined);
    },
  };
}

/**
 * From the answer to a read of the first byte. Not HEAD: its failures have no body, so a missing bucket would pass for a missing object,
 * and the client in use closes its connection after each.
 */
function sizeOf(key: string, { status, headers, body }: S3Answer): number {
  if (status === EMPTY_OBJECT) return 0;
  const size = status === 200 ? body.length : Number(/^bytes 0-0\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
  if (Number.isSafeInteger(size)) return size;
  throw new GleanerError('data-corrupt', `The object storage does not say how large ${key} is`, { details: { key } });
}
