import { statSync } from 'node:fs';
import { createApp, createDataset } from '@gleaner/chain';
import { createSymmetricKeyFile } from '@gleaner/keys';
import { type Address, GleanerError, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { personalSignDigest } from '@gleaner/protocol';
import fc from 'fast-check';
import { sql } from 'kysely';
import { hexToBigInt, parseAbi } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSecretStore } from '../src/adapters/secretStore.ts';
import { requesterSecret } from '../src/domain/secretIds.ts';
import { startSecrets } from '../src/index.ts';
import { verifyLog } from '../src/verifyLog.ts';
import { CONTENT, challengeOf, deployWallet, type Party, signChallenge, startTestSecrets, type TestSecrets } from './testSecrets.ts';

const RUNS = process.env['GLEANER_DEEP'] ? 400 : 25;

let service: TestSecrets;
let dataset: Address;
let app: Address;
beforeAll(async () => {
  service = await startTestSecrets();
  [dataset, app] = await Promise.all([newDataset(), newApp()]);
});
afterAll(() => service?.close());

/** Values and signatures that were sent; none may be in a log. */
const sent = new Set<string>();
let count = 0;
const fresh = (): string => `value-${++count}-${'0123456789abcdef'.repeat(2)}`;

const newDataset = async (owner?: Address) =>
  (await createDataset(service.senders.datasetOwner, { name: `data ${++count}`, ...CONTENT, ...(owner && { owner }) })).address;
const newApp = async () => (await createApp(service.senders.appOwner, { name: `app ${++count}`, type: 'DOCKER', ...CONTENT })).address;

interface Call {
  readonly path: string;
  readonly challenge: (value: string) => Hex;
}
const datasetCall = (address: Address): Call => ({
  path: `/secrets/web3?secretAddress=${address}`,
  challenge: (value) => challengeOf(address, value),
});
const appCall = (address: Address): Call => ({ path: `/apps/${address}/secrets`, challenge: (value) => challengeOf(address, '1', value) });
const requesterCall = (address: Address, key: string): Call => ({
  path: `/requesters/${address}/secrets/${key}`,
  challenge: (value) => challengeOf(address, key, value),
});
const accountCall = (address: Address, name: string): Call => ({
  path: `/secrets/web2?ownerAddress=${address}&secretName=${encodeURIComponent(name)}`,
  challenge: (value) => challengeOf(address, name, value),
});

interface Push {
  readonly method?: 'POST' | 'PUT';
  readonly by?: Party;
  readonly value?: string;
  /** What was signed, when it is not the value. */
  readonly signed?: string;
  readonly authorization?: string;
}

async function push(call: Call, { method = 'POST', by = 'requester', value = fresh(), signed = value, authorization }: Push = {}) {
  const signature = authorization ?? (await signChallenge(service.accounts[by], call.challenge(signed)));
  sent.add(value).add(signature);
  const response = await fetch(service.url + call.path, { method, body: value, headers: { authorization: signature } });
  if (response.status === 204) expect(await response.text()).toBe('');
  else expect(await response.json()).toMatchObject({ ok: false, error: expect.any(String), code: expect.any(String) });
  return response.status;
}

const exists = async (call: Call): Promise<number> => (await fetch(service.url + call.path, { method: 'HEAD' })).status;
const address = (party: Party): Address => service.accounts[party].address;

describe('each kind of secret', () => {
  test.each([
    ['data set', 'datasetOwner', () => newDataset().then(datasetCall)],
    ['app', 'appOwner', () => newApp().then(appCall)],
    ['requester', 'requester', async () => requesterCall(address('requester'), 'my-key_1')],
    ['account', 'requester', async () => accountCall(address('requester'), 'iexec-result-dropbox-token')],
  ] as const)('of a %s is absent, refused to a stranger, set by its owner, and then there for good', async (_, owner, make) => {
    const call = await make();
    expect(await exists(call)).toBe(404);
    expect(await push(call, { by: 'stranger' })).toBe(401);
    expect(await push(call, { by: owner, signed: 'another value' })).toBe(401);
    expect(await exists(call)).toBe(404);
    expect(await push(call, { by: owner })).toBe(204);
    expect(await exists(call)).toBe(204);
    expect(await push(call, { by: owner })).toBe(409);
    expect(await push(call, { by: 'stranger' })).toBe(401);
  });

  test('an account replaces its own secret, and only one that is there', async () => {
    const call = accountCall(address('requester'), 'iexec-result-encryption-public-key');
    expect(await push(call, { method: 'PUT' })).toBe(404);
    expect(await push(call)).toBe(204);
    const value = fresh();
    expect(await push(call, { method: 'PUT', value })).toBe(204);
    expect(await push(call, { method: 'PUT', value })).toBe(204);
    expect(await push(call, { method: 'PUT', by: 'stranger' })).toBe(401);
    expect((await fetch(service.url + appCall(app).path, { method: 'PUT', body: 'x' })).status).toBe(404);
  });

  test('addresses are the same in any letter case', async () => {
    const call = appCall((await newApp()).toLowerCase() as Address);
    expect(await push(call, { by: 'appOwner' })).toBe(204);
    expect(await exists({ ...call, path: call.path.replace(/0x[0-9a-f]{40}/, (text) => `0x${text.slice(2).toUpperCase()}`) })).toBe(204);
  });

  test('an asset that is not in the registry of its kind takes none', async () => {
    expect(await push(datasetCall(app), { by: 'appOwner' })).toBe(401);
    expect(await push(appCall(dataset), { by: 'datasetOwner' })).toBe(401);
    expect(await push(datasetCall(address('datasetOwner')), { by: 'datasetOwner' })).toBe(401);
    expect(await push(datasetCall(ZERO_ADDRESS), { by: 'datasetOwner' })).toBe(401);
  });

  test('the owner is who owns the asset at this moment', async () => {
    const sold = await newDataset();
    const before = await signChallenge(service.accounts.datasetOwner, datasetCall(sold).challenge('from before'));
    await transfer(sold, 'datasetOwner', 'stranger');
    expect(await push(datasetCall(sold), { value: 'from before', authorization: before })).toBe(401);
    expect(await push(datasetCall(sold), { by: 'stranger' })).toBe(204);
  });

  test('a contract that owns an asset, or an account that is a contract, signs by ERC-1271', async () => {
    const wallet = await deployWallet(service);
    for (const call of [datasetCall(await newDataset(wallet)), requesterCall(wallet, 'key'), accountCall(wallet, 'name')]) {
      const value = fresh();
      const signature = personalSignDigest(call.challenge(value));
      expect(await push(call, { by: 'stranger' })).toBe(401);
      expect(await push(call, { value, authorization: personalSignDigest(call.challenge('other')) })).toBe(401);
      expect(await push(call, { value, authorization: signature })).toBe(204);
      expect(await exists(call)).toBe(204);
    }
  });

  test('a request that is sent again changes nothing; one for another owner, name or value is refused', async () => {
    const [requester, stranger] = [address('requester'), address('stranger')];
    const value = fresh();
    const call = requesterCall(requester, 'replayed');
    const authorization = await signChallenge(service.accounts.requester, call.challenge(value));
    expect(await push(call, { value, authorization })).toBe(204);
    expect(await push(call, { value, authorization })).toBe(409);
    for (const other of [requesterCall(requester, 'replayed2'), requesterCall(stranger, 'replayed'), datasetCall(dataset), appCall(app)])
      expect(await push(other, { value, authorization })).toBe(401);
    expect(await push(requesterCall(requester, 'replayed'), { value: `${value}.`, authorization })).toBe(401);
    // docs/secrets.md, «Limits»: the hash of stock clients does not say the kind
    expect(await push(accountCall(requester, 'replayed'), { value, authorization })).toBe(204);
  });

  test('of many at once one is kept', async () => {
    const call = requesterCall(address('requester'), 'race');
    const statuses = await Promise.all(Array.from({ length: 12 }, () => push(call)));
    expect(statuses.sort()).toEqual([204, ...Array.from({ length: 11 }, () => 409)]);
  });
});

describe('what is refused for its form', () => {
  const call = () => requesterCall(address('requester'), `k${++count}`);

  test.each(['', 'a b', 'é', 'x'.repeat(65), 'x'.repeat(101), 'x'.repeat(1_000), 'a.b', '%00'])('the key %j', async (key) => {
    const path = `/requesters/${address('requester')}/secrets/${encodeURIComponent(key)}`;
    expect(await push({ ...call(), path })).toBe(400);
    expect(await exists({ ...call(), path })).toBe(400);
  });

  test.each(['0', '-', '_', 'x'.repeat(64)])('but not the key %j', async (key) => {
    expect(await push(requesterCall(address('requester'), key))).toBe(204);
  });

  test('a value above 4096 bytes, and one of none; the largest is taken', async () => {
    expect(await push(call(), { value: 'a'.repeat(4097) })).toBe(413);
    expect(await push(call(), { value: 'é'.repeat(2049) })).toBe(413);
    expect(await push(call(), { value: '' })).toBe(400);
    expect(await push(call(), { value: 'é'.repeat(2048) })).toBe(204);
  });

  test('bytes that are no text, also when what they would be read as is signed; text with a byte order mark is taken as it is', async () => {
    for (const bytes of [[0xff], [0xc3], [0x61, 0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      const read = new TextDecoder().decode(Buffer.from(bytes));
      const { path, challenge } = call();
      const headers = { authorization: await signChallenge(service.accounts.requester, challenge(read)), 'content-type': 'text/plain' };
      const response = await fetch(service.url + path, { method: 'POST', body: Buffer.from(bytes), headers });
      expect([response.status, await exists({ path, challenge })]).toEqual([400, 404]);
    }
    expect(await push(call(), { value: '\ufeffwith a mark \ufffd' })).toBe(204);
  });

  test('more secrets than an owner may have of a kind, however many come at once; each owner and kind counts for itself', async () => {
    const { testChain, store, keyFile } = service;
    const small = await startSecrets({ ...testChain, store, keyFile, perOwner: 3 });
    const account = privateKeyToAccount(generatePrivateKey());
    const send = async ({ path, challenge }: Call) => {
      const headers = { authorization: await signChallenge(account, challenge('v')) };
      const response = await fetch(small.url + path, { method: 'POST', body: 'v', headers });
      return { status: response.status, said: response.status === 204 ? {} : await response.json() };
    };
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => send(requesterCall(account.address, `k${at}`))));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(3);
    for (const { status, said } of answers)
      if (status !== 204) expect({ status, said }).toMatchObject({ status: 409, said: { code: 'secret-limit' } });
    expect(await send(accountCall(account.address, 'own'))).toMatchObject({ status: 204 });
    const kept = await Promise.all(Array.from({ length: 8 }, (_, at) => exists(requesterCall(account.address, `k${at}`))));
    expect(kept.filter((status) => status === 204)).toHaveLength(3);
    await small.close();
  });

  test.each(['', 'Bearer', '0x', '0x12', '0xzz', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`, '1'.repeat(130)])(
    'the signature %j',
    async (authorization) => {
      expect(await push(call(), { authorization })).toBe(401);
      expect(await push(accountCall(ZERO_ADDRESS, 'name'), { authorization })).toBe(401);
    },
  );

  test('an address or a name that is none', async () => {
    expect(await push({ ...call(), path: '/secrets/web3?secretAddress=0x12' })).toBe(400);
    expect(await push({ ...call(), path: '/secrets/web3' })).toBe(400);
    expect(await push(accountCall(address('requester'), ''))).toBe(400);
    expect(await push(accountCall(address('requester'), 'a\0b'))).toBe(400);
    expect(await push(accountCall(address('requester'), 'x'.repeat(257)))).toBe(400);
    expect(await push(accountCall(address('requester'), 'naïve name, 名前'))).toBe(204);
  });
});

test('a random history of pushes, replacements and checks gives what a map would give', async () => {
  const parties = ['requester', 'stranger'] as const;
  const party = fc.constantFrom(...parties);
  const step = fc.record({
    kind: fc.constantFrom('requester', 'account'),
    method: fc.constantFrom('POST', 'PUT', 'HEAD'),
    owner: party,
    by: party,
    name: fc.constantFrom('a', 'b', 'A'),
    value: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  });
  let history = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      history += 1;
      const model = new Set<string>();
      for (const { kind, method, owner, by, name: suffix, value } of steps) {
        const name = `h${history}-${suffix}`;
        const id = `${kind}/${owner}/${name}`;
        const call = (kind === 'requester' ? requesterCall : accountCall)(address(owner), name);
        if (method === 'HEAD') expect(await exists(call)).toBe(model.has(id) ? 204 : 404);
        else if (kind === 'requester' && method === 'PUT') expect(await push(call, { method, by, value: 'x' })).toBe(404);
        else {
          const right = by !== owner ? 401 : method === 'PUT' ? (model.has(id) ? 204 : 404) : model.has(id) ? 409 : 204;
          expect(await push(call, { method, by, value: `${value}-${fresh()}` })).toBe(right);
          if (right === 204) model.add(id);
        }
      }
    }),
    { numRuns: RUNS },
  );
});

describe('the surroundings', () => {
  test('the framework is TDX, and there are no properties of any', async () => {
    expect(await (await fetch(`${service.url}/tee/framework`)).json()).toBe('TDX');
    expect((await fetch(`${service.url}/tee/properties/TDX/1.0.0`)).status).toBe(404);
    expect((await fetch(`${service.url}/tee/properties/SCONE/v5`)).status).toBe(409);
  });

  test('what stock services do with keys of their own is refused with its reason', async () => {
    for (const path of [`/tee/challenges/0x${'11'.repeat(32)}`, '/tee/sessions']) {
      const response = await fetch(service.url + path, { method: 'POST' });
      const { code, error } = (await response.json()) as { code: string; error: string };
      expect([response.status, code]).toEqual([404, 'not-found']);
      expect(error).toContain('/enclaves/sessions');
    }
    expect((await fetch(`${service.url}/tee/challenges/0x12`, { method: 'POST' })).status).toBe(400);
  });

  test('pages of any origin may push', async () => {
    const headers = {
      origin: 'https://example.org',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization',
    };
    const response = await fetch(`${service.url}/secrets/web2`, { method: 'OPTIONS', headers });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization');
  });

  test('the API document names every endpoint', async () => {
    const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>> };
    expect(
      Object.entries(paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
        .sort(),
    ).toEqual([
      'get /tee/framework',
      'get /tee/properties/{framework}/{version}',
      'head /apps/{app}/secrets',
      'head /requesters/{requester}/secrets/{key}',
      'head /secrets/web2',
      'head /secrets/web3',
      'post /apps/{app}/secrets',
      'post /requesters/{requester}/secrets/{key}',
      'post /secrets/web2',
      'post /secrets/web3',
      'post /tee/challenges/{taskId}',
      'post /tee/sessions',
      'put /secrets/web2',
    ]);
    expect(JSON.stringify(paths['/secrets/web3']?.['post'])).toContain('text/plain');
  });

  test('too many requests of one address are refused', async () => {
    const { testChain, store, keyFile } = service;
    const limited = await startSecrets({ ...testChain, store, keyFile, requestsPerMinute: 5 });
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await fetch(`${limited.url}/tee/framework`)).status));
    await limited.close();
    expect(statuses.sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  });
});

describe('at rest', () => {
  test('no value, signature or key is in the database; the log has a line for every write and is sound after a restart', async () => {
    await service.restart();
    const { db } = service.store;
    const rows = await db.selectFrom('secret').selectAll().execute();
    const lines = await db.selectFrom('secretLog').selectAll().execute();
    expect(rows.length).toBeGreaterThan(10);
    expect(lines.filter(({ event }) => event === 'secret.created')).toHaveLength(rows.length);
    const stored = Buffer.concat([...rows.map(({ ciphertext }) => Buffer.from(ciphertext)), Buffer.from(JSON.stringify(lines, printable))]);
    for (const form of formsSent()) expect(stored.includes(form)).toBe(false);
    expect(new Set(rows.map(({ nonce }) => Buffer.from(nonce).toString('hex'))).size).toBe(rows.length);
    expect(await verifyLog(service.store, await service.keys())).toEqual({
      head: { sequence: BigInt(lines.length), hash: lines.at(-1)?.hash },
    });
    expect(statSync(service.keyFile)).toMatchObject({ size: 32 });
    expect(statSync(service.keyFile).mode & 0o777).toBe(0o600);
  });

  test('a database is refused with another key, and with none', async () => {
    const { testChain, store } = service;
    const lost = `${testChain.dataDir}/lost.key`;
    await expect(startSecrets({ ...testChain, store, keyFile: lost })).rejects.toMatchObject({ code: 'key-not-found' });
    await createSymmetricKeyFile(lost);
    await expect(startSecrets({ ...testChain, store, keyFile: lost })).rejects.toMatchObject({ code: 'key-invalid' });
  });
});

test('a replica with another key keeps nothing', async () => {
  const stray = createSecretStore(service.store.db, { logKey: new Uint8Array(32), perOwner: 999 });
  const id = requesterSecret(address('requester'), 'stray');
  const sealed = { nonce: new Uint8Array(12), ciphertext: new Uint8Array(16) };
  const line = { event: 'secret.created', atMs: 0, fields: {} } as const;
  await expect(stray.create(id, sealed, line)).rejects.toMatchObject({ code: 'data-corrupt' });
  expect(await stray.has(id)).toBe(false);
});

describe('when a neighbour fails', () => {
  test('without the chain secrets of accounts are kept, those of assets wait', async () => {
    const { testChain, store, keyFile, logged } = service;
    const cut = await startSecrets({ ...testChain, store, keyFile, log: logged.log });
    testChain.pause();
    try {
      const call = requesterCall(address('requester'), 'without-chain');
      const signature = await signChallenge(service.accounts.requester, call.challenge('v'));
      expect((await fetch(cut.url + call.path, { method: 'POST', body: 'v', headers: { authorization: signature } })).status).toBe(204);
    } finally {
      testChain.resume();
      await cut.close();
    }
  });

  test('a failing database answers 500 without a word of what was sent', async () => {
    const { db } = service.store;
    await sql`alter table secret rename to secret_away`.execute(db);
    const call = accountCall(address('requester'), 'broken');
    const status = await push(call).finally(() => sql`alter table secret_away rename to secret`.execute(db));
    expect(status).toBe(500);
    expect(service.logged.text()).toContain('request.failed');
    expect(await push(call)).toBe(204);
  });
});

test('no log line has a value, a signature or a key', async () => {
  const text = service.logged.text();
  expect(text).toContain('secret.created');
  expect(text).toContain('secret.replaced');
  for (const form of formsSent()) expect(text.includes(form)).toBe(false);
  const { atRest, log, nonces } = await service.keys();
  for (const key of [atRest, log, nonces]) {
    for (const form of ['hex', 'base64'] as const) expect(text.includes(Buffer.from(key).toString(form))).toBe(false);
  }
});

/** What can be told from other text. */
const secretsSent = (): string[] => {
  const long = [...sent].filter((text) => text.length > 30);
  if (long.length < 50) throw new GleanerError('invariant-broken', 'Too little was sent to look for');
  return long;
};

/** Each of them as it is, and as a log or a driver might write bytes. */
const formsSent = (): string[] =>
  secretsSent().flatMap((secret) => [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64').slice(0, -4)]);

const printable = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

async function transfer(asset: Address, from: Party, to: Party): Promise<void> {
  const { senders, testChain } = service;
  const abi = parseAbi(['function transferFrom(address from, address to, uint256 tokenId)']);
  const args = [address(from), address(to), hexToBigInt(asset)] as const;
  await senders[from].send({ to: testChain.registries.dataset, abi, functionName: 'transferFrom', args });
}
