import type { S3Credentials } from '@gleaner/content';
import { readSecretFile } from '@gleaner/keys';
import { GleanerError } from '@gleaner/primitives';
import { z } from 'zod';

const FORM = '{"accessKeyId": "…", "secretAccessKey": "…", "sessionToken": "… (of temporary keys)"}';

const schema = z.strictObject({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1).optional(),
});

/**
 * Keys of a bucket: of the file that `GLEANER_CONTENT_KEY_FILE` names, which only its owner may read, else of the variables that all
 * tools of S3 know.
 * @throws {GleanerError} key-not-found, key-invalid, data-unreadable; bad-request when there are none. None repeats what it has read
 */
export async function readS3Credentials(env: Readonly<Record<string, string | undefined>>): Promise<S3Credentials> {
  const { GLEANER_CONTENT_KEY_FILE: path, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (path) return readKeyFile(path);
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new GleanerError(
      'bad-request',
      'GLEANER_CONTENT_URL names a bucket without keys: set GLEANER_CONTENT_KEY_FILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  return withToken({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }, AWS_SESSION_TOKEN);
}

async function readKeyFile(path: string): Promise<S3Credentials> {
  const parsed = schema.safeParse(parseJson(await readSecretFile(path)));
  if (!parsed.success)
    throw new GleanerError('key-invalid', `${path} does not hold keys of a bucket; its form is ${FORM}`, { details: { path } });
  const { sessionToken, ...keys } = parsed.data;
  return withToken(keys, sessionToken);
}

function withToken(keys: S3Credentials, sessionToken: string | undefined): S3Credentials {
  return sessionToken ? { ...keys, sessionToken } : keys;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
