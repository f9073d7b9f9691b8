import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { readS3Credentials } from '../src/adapters/readS3Credentials.ts';
import { readConfig } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'gleaner-config-'));
const network = join(folder, 'network.json');
const hubAddress = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
writeFileSync(network, JSON.stringify({ chainId: 1337001, rpcUrl: 'http://127.0.0.1:8545', hubAddress, portalUrl: 'http://127.0.0.1:1' }));
const env = { GLEANER_NETWORK: network, GLEANER_DATA: '/data' };
afterAll(() => rmSync(folder, { recursive: true }));

describe('configuration from the environment', () => {
  it('needs a network and a folder, and listens on loopback without limits by default', () => {
    const expected = {
      chainId: 1337001,
      rpcUrl: 'http://127.0.0.1:8545',
      hubAddress,
      dataDir: '/data',
      place: {},
      host: '127.0.0.1',
      port: 0,
    };
    expect(readConfig(env)).toEqual(expected);
  });

  it('limits requests where others can reach it, unless told otherwise', () => {
    expect(readConfig({ ...env, GLEANER_HOST: '0.0.0.0' }).requestsPerMinute).toBe(600);
    expect(readConfig({ ...env, GLEANER_HOST: '0.0.0.0', GLEANER_RATE_LIMIT: '0' }).requestsPerMinute).toBeUndefined();
  });

  it('takes sizes and origins', () => {
    const config = readConfig({
      ...env,
      GLEANER_CONTENT_QUOTA: '1000',
      GLEANER_MAX_ADD: '10',
      GLEANER_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    });
    expect(config).toMatchObject({
      place: { quotaBytes: 1000 },
      limits: { maxAddBytes: 10 },
      allowedOrigins: ['https://a.example', 'https://b.example'],
    });
  });

  it.each([
    ['GLEANER_NETWORK', undefined, 'bad-request'],
    ['GLEANER_NETWORK', join(folder, 'absent.json'), 'data-unreadable'],
    ['GLEANER_DATA', undefined, 'bad-request'],
    ['GLEANER_PORT', '65536', 'bad-request'],
    ['GLEANER_CONTENT_QUOTA', '-1', 'bad-request'],
    ['GLEANER_MAX_ADD', 'much', 'bad-request'],
    ['GLEANER_CONTENT_URL', 'https://bucket.example', 'bad-request'],
  ])('refuses %s=%s', (name, value, code) => {
    expect(() => readConfig({ ...env, [name]: value })).toThrow(expect.objectContaining({ code }));
  });
});

describe('keys of a bucket', () => {
  const keys = { accessKeyId: 'AKID', secretAccessKey: 'topsecret' };
  const write = (name: string, text: string, mode = 0o600) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode });
    return { GLEANER_CONTENT_KEY_FILE: path };
  };

  it('come from a file of their owner, or from the usual variables', async () => {
    expect(await readS3Credentials(write('keys', JSON.stringify({ ...keys, sessionToken: 't' })))).toEqual({ ...keys, sessionToken: 't' });
    expect(await readS3Credentials({ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'topsecret' })).toEqual(keys);
  });

  it('are refused when others may read them or they are none, and never repeated', async () => {
    const cases = [
      [write('open', JSON.stringify(keys), 0o644), 'key-invalid'],
      [write('other', JSON.stringify({ ...keys, extra: 1 })), 'key-invalid'],
      [write('text', 'topsecret'), 'key-invalid'],
      [{ GLEANER_CONTENT_KEY_FILE: join(folder, 'absent') }, 'key-not-found'],
      [{ AWS_SECRET_ACCESS_KEY: 'topsecret' }, 'bad-request'],
    ] as const;
    for (const [variables, code] of cases) {
      const error = await readS3Credentials(variables).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code });
      expect(inspect(error, { depth: 10 })).not.toContain('topsecret');
    }
  });
});
