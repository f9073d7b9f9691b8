import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'gleaner-config-'));
const network = join(folder, 'network.json');
const hubAddress = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
writeFileSync(network, JSON.stringify({ chainId: 1337001, rpcUrl: 'http://127.0.0.1:8545', hubAddress, portalUrl: 'http://127.0.0.1:1' }));
const env = { GLEANER_NETWORK: network, GLEANER_DATA: '/data' };
afterAll(() => rmSync(folder, { recursive: true }));

describe('configuration from the environment', () => {
  it('needs a network and a folder, and listens on loopback without limits by default', () => {
    const expected = { chainId: 1337001, rpcUrl: 'http://127.0.0.1:8545', hubAddress, dataDir: '/data', host: '127.0.0.1', port: 0 };
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
      quotaBytes: 1000,
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
  ])('refuses %s=%s', (name, value, code) => {
    expect(() => readConfig({ ...env, [name]: value })).toThrow(expect.objectContaining({ code }));
  });
});
