import {
  checkAppSecret,
  closeEnclaveSession,
  createClient,
  createEnclaveChallenge,
  enclaveApprovalHash,
  enclaveClosingHash,
  enclaveSessionHash,
  getEnclaveTerms,
  openEnclaveSession,
  pushAccountSecret,
  pushAppSecret,
  pushDatasetSecret,
  pushRequesterSecret,
  RELEASE_INFO,
  releasedSecrets,
  secretHash,
} from '@gleaner/api';
import { createServer, listen } from '@gleaner/api/server';
import { type ReportSubject, reportData as reportDataOf } from '@gleaner/attestation';
import { type Address, type Bytes32, GleanerError, type Hex, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash } from '@gleaner/protocol';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { pino } from 'pino';
import { bytesToHex, createPublicClient, custom, hexToBigInt, hexToBytes, parseAbi, recoverMessageAddress, toFunctionSelector } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerSecrets } from '../src/index.ts';
import { verifyLog } from '../src/verifyLog.ts';
import { createTestAttestation, type TestAttestation } from './testAttestation.ts';
import { makeDeal, type TestDeal } from './testDeal.ts';
import { CONTENT, signChallenge, startTestSecrets, type TestSecrets } from './testSecrets.ts';

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const PARAMS = JSON.stringify({ iexec_secrets: { '1': 'one', '7': 'seven' }, iexec_result_encryption: true });
const VALUES = { dataset: 'the key of the data', app: 'of the developer', one: 'first of the requester', seven: 'seventh', key: 'a PEM' };
const RESULT_KEY = 'iexec-result-encryption-public-key';

let attestation: TestAttestation;
let service: TestSecrets;
let deal: TestDeal;
const worker = privateKeyToAccount(generatePrivateKey());

beforeAll(async () => {
  attestation = await createTestAttestation();
  service = await startTestSecrets({ enclaves: { attestation, developmentEnclaves: true } });
  deal = await makeDeal(service, { params: PARAMS });
});
afterAll(() => service?.close());

describe('a session', () => {
  test('without the secrets of the task is refused, each by its name', async () => {
    const requester = service.accounts.requester.address;
    await expect(open(await session())).rejects.toMatchObject({
      code: 'secret-missing',
      details: { kind: 'dataset', owner: deal.dataset },
    });
    await call('dataset', deal.dataset, '', VALUES.dataset);
    await expect(open(await session())).rejects.toMatchObject({ code: 'secret-missing', details: { kind: 'requester', owner: requester } });
    await call('requester', requester, 'one', VALUES.one);
    await call('requester', requester, 'seven', VALUES.seven);
    await expect(open(await session())).rejects.toMatchObject({ code: 'secret-missing', details: { kind: 'account', name: RESULT_KEY } });
    await call('account', requester, RESULT_KEY, VALUES.key);
  });

  test('gives the enclave what its task needs, and nobody else, and approves it', async () => {
    const check = () => client().call(checkAppSecret, { params: { app: deal.app } });
    await expect(check()).rejects.toMatchObject({ code: 'not-found' });
    await call('app', deal.app, '1', VALUES.app);
    expect(await check()).toBeUndefined();
    const { taskId } = deal;
    const request = await session();
    const terms = await client().call(getEnclaveTerms, {});
    const answer = await open(request);
    expect(await unseal(answer, request)).toEqual({
      dataset: { address: deal.dataset, key: VALUES.dataset, checksum: CONTENT.checksum },
      appSecret: VALUES.app,
      requesterSecrets: { '1': VALUES.one, '7': VALUES.seven },
      params: expect.any(String),
      answerKey: expect.any(String),
      beneficiaryKey: VALUES.key,
    });
    const raw = enclaveApprovalHash({ taskId, worker: worker.address, enclave: request.enclave.address });
    expect(answer).toMatchObject({ enclave: request.enclave.address, hardware: false, notice: 'simulated, no confidentiality' });
    expect(await recoverMessageAddress({ message: { raw }, signature: answer.approval })).toBe(terms.approver);
    expect(terms).toMatchObject({ approver: answer.approver, hardware: false, kinds: ['dev-insecure'] });
    const stranger = await suite.kem.generateKeyPair();
    await expect(unseal(answer, { ...request, sealing: stranger })).rejects.toThrow();
    await expect(unseal(answer, { ...request, reportData: `0x${'00'.repeat(64)}` })).rejects.toThrow();
  });

  test('is given again to the same enclave, with the key its answer has already', async () => {
    const first = await session({ account: otherWorker });
    const { answerKey } = await unseal(await open(first), first);
    const again = await session({ account: otherWorker, keys: first });
    expect(await unseal(await open(again), again)).toMatchObject({ appSecret: VALUES.app, answerKey });
  });
});

describe('one result per worker and task', () => {
  const newWorker = () => privateKeyToAccount(generatePrivateKey());

  test('an enclave takes the place of the one before, whose answer stays sealed; the one that is closed has no successor', async () => {
    const account = newWorker();
    const [first, second] = [await session({ account }), await session({ account })];
    const keyOfFirst = (await unseal(await open(first), first)).answerKey;
    const keyOfSecond = (await unseal(await open(second), second)).answerKey;
    expect(keyOfSecond).not.toBe(keyOfFirst);
    await expect(close(first)).rejects.toMatchObject({ code: 'enclave-already-released' });
    expect(await close(second)).toMatchObject({ answerKey: keyOfSecond, notice: 'simulated, no confidentiality' });
    expect(await close(second)).toMatchObject({ answerKey: keyOfSecond });
    for (const keys of [first, second, await enclaveKeys(), { ...second, sealing: (await enclaveKeys()).sealing }]) {
      await expect(open(await session({ account, keys }))).rejects.toMatchObject({ code: 'enclave-already-released' });
    }
    await expect(close(first)).rejects.toMatchObject({ code: 'enclave-already-released' });
  });

  test('of many enclaves at once, each of which answers, one worker opens one answer', async () => {
    const account = newWorker();
    const requests = await Promise.all(Array.from({ length: 6 }, () => session({ account })));
    const answers = await Promise.allSettled(requests.map((request) => open(request).then(() => close(request))));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'enclave-already-released' });
  });

  test('nobody but the worker closes a session, and there is none to close before it was opened', async () => {
    const request = await session({ account: newWorker() });
    await expect(close(request)).rejects.toMatchObject({ code: 'enclave-already-released' });
    await open(request);
    await expect(close(request, newWorker())).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(close({ ...request, account: newWorker() })).rejects.toMatchObject({ code: 'enclave-already-released' });
    expect(await close(request)).toMatchObject({ enclave: request.enclave.address });
  });

  test('after sixteen enclaves a worker gets no other', async () => {
    const account = newWorker();
    for (let number = 1; number <= 16; number += 1) await open(await session({ account }));
    await expect(open(await session({ account }))).rejects.toMatchObject({ code: 'enclave-already-released' });
  });
});

const otherWorker = privateKeyToAccount(generatePrivateKey());

describe('a session is refused', () => {
  const OTHER_TASK = `0x${'8b'.repeat(32)}` as TaskId;
  const fresh = async (change: Change = {}) => session({ account: privateKeyToAccount(generatePrivateKey()), ...change });

  test('with a nonce that was used, is over, is forged, or is of another task or worker', async () => {
    const used = await fresh();
    await open(used);
    await expect(open(used)).rejects.toMatchObject({ code: 'enclave-challenge-invalid' });
    const forged = await fresh({ nonce: `0x${'ff'.repeat(32)}` as Bytes32 });
    const ofAnother = await fresh({ nonce: (await challenge(deal.taskId, worker.address)).nonce });
    const ofAnotherTask = await fresh({ nonce: (await challenge(OTHER_TASK, worker.address)).nonce, account: worker });
    for (const request of [forged, ofAnother, ofAnotherTask])
      await expect(open(request)).rejects.toMatchObject({ code: 'enclave-challenge-invalid' });
  });

  test('also when the same nonce comes many times at once', async () => {
    const request = await fresh();
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => open(request)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test.each<readonly [string, string, (request: SessionRequest) => Change | Promise<Change>]>([
    [
      'an invitation of another key',
      'invitation-invalid',
      async ({ account }) => ({ invitation: await invite(service.accounts.stranger, account.address) }),
    ],
    [
      'an invitation of another worker',
      'invitation-invalid',
      async () => ({ invitation: await invite(service.accounts.workerpoolOwner, worker.address) }),
    ],
    ['no invitation', 'invitation-invalid', () => ({ invitation: '0x' })],
    ['the signature of another worker', 'unauthorized', () => ({ signer: worker })],
    ['evidence that is not signed', 'evidence-invalid', ({ evidence }) => ({ evidence: `${evidence.slice(0, -8)}AAAAAAAA` })],
    ['evidence that is none', 'evidence-invalid', () => ({ evidence: 'x' })],
    ['evidence of another chain', 'evidence-mismatch', () => ({ claims: { chainId: 1 } })],
    ['evidence of another hub', 'evidence-mismatch', () => ({ claims: { hubAddress: deal.app } })],
    ['evidence of another deal', 'evidence-mismatch', () => ({ claims: { dealId: OTHER_TASK as never } })],
    ['evidence of another task', 'evidence-mismatch', () => ({ claims: { taskId: OTHER_TASK } })],
    ['evidence of another worker', 'evidence-mismatch', () => ({ claims: { worker: worker.address } })],
    ['evidence with another nonce', 'evidence-mismatch', () => ({ claims: { nonce: OTHER_TASK as never } })],
    ['evidence whose report data is of other claims', 'evidence-mismatch', () => ({ reportData: `0x${'00'.repeat(64)}` })],
    ['an enclave that runs something else', 'measurement-unknown', () => ({ claims: { measurement: OTHER_TASK as never } })],
    ['a signing key that is none', 'evidence-invalid', () => ({ claims: { signingKey: '0x04' } })],
    ['a sealing key that is none', 'evidence-invalid', () => ({ claims: { sealingKey: '0x12' } })],
  ])('with %s: %s', async (_, code, change) => {
    const usual = await fresh();
    const broken = await session({ account: usual.account, keys: usual, ...(await change(usual)) });
    await expect(open(broken)).rejects.toMatchObject({ code });
  });

  test('for a task that the hub does not know', async () => {
    await expect(open(await fresh({ taskId: OTHER_TASK }))).rejects.toMatchObject({ code: 'task-not-found' });
  });

  test('for a deal whose tag asks for no enclave, or for more than a simulated one', async () => {
    for (const tags of [[], ['tee', 'gpu'], ['tee', 'scone']] as const) {
      const other = await makeDeal(service, { params: '', tags, withDataset: false });
      await expect(open(await fresh({ deal: other }))).rejects.toMatchObject({ code: 'enclave-not-allowed' });
    }
  });

  test('after the contribution deadline', async () => {
    const back = await service.testChain.snapshot();
    const request = await fresh();
    await service.testChain.skipTime(100_000);
    await expect(open(request)).rejects.toMatchObject({ code: 'contribution-deadline-passed' });
    await back();
  });
});

test('a deal that needs no secrets gives none, and its enclave is approved', async () => {
  const bare = await makeDeal(service, { params: 'plain arguments', withDataset: false });
  const request = await session({ deal: bare });
  expect(await unseal(await open(request), request)).toEqual({
    requesterSecrets: {},
    params: expect.any(String),
    answerKey: expect.any(String),
  });
});

test('a data set that changes hands keeps its key: the deals of before go on, and the new owner cannot change it', async () => {
  const { senders, testChain, accounts } = service;
  const made = await makeDeal(service, { params: 'plain arguments' });
  await call('dataset', made.dataset, '', VALUES.dataset);
  const abi = parseAbi(['function transferFrom(address from, address to, uint256 tokenId)']);
  const args = [accounts.datasetOwner.address, accounts.stranger.address, hexToBigInt(made.dataset)] as const;
  await senders.datasetOwner.send({ to: testChain.registries.dataset, abi, functionName: 'transferFrom', args });
  const authorization = await signChallenge(accounts.stranger, secretHash({ owner: made.dataset, value: 'of the new owner' }));
  const again = client().call(pushDatasetSecret, { query: { secretAddress: made.dataset }, body: 'of the new owner' }, { authorization });
  await expect(again).rejects.toMatchObject({ code: 'secret-exists' });
  const request = await session({ deal: made });
  expect(await unseal(await open(request), request)).toMatchObject({ dataset: { key: VALUES.dataset } });
});

test('names that no secret can have are missing secrets', async () => {
  const params = JSON.stringify({ iexec_secrets: { '1': 'a\0b' } });
  const strange = await makeDeal(service, { params, withDataset: false });
  await expect(open(await session({ deal: strange }))).rejects.toMatchObject({ code: 'secret-missing' });
});

describe('simulated enclaves are refused by this service alone', () => {
  const refused = { code: 'enclave-not-allowed' };
  const deps = async () => ({
    chain: service.chain,
    chainId: service.testChain.chainId,
    store: service.store,
    keys: await service.keys(),
    log: pino({ level: 'silent' }),
  });
  const on = () => ({ attestation, developmentEnclaves: true });

  test('at its start, on any chain that is no development chain, whatever the hub says', async () => {
    const server = await createServer({ name: 'secrets' });
    for (const chainId of [1, 42_161, 31_337])
      await expect(registerSecrets(server, { ...(await deps()), chainId, enclaves: on() })).rejects.toMatchObject(refused);
    await server.close();
  });

  test('at its start, on a development chain, where the hub was made without them or does not know of them', async () => {
    const server = await createServer({ name: 'secrets' });
    for (const says of [`0x${'00'.repeat(32)}`, undefined] as const) {
      const { chain } = await hubThatSays(says);
      await expect(registerSecrets(server, { ...(await deps()), chain, enclaves: on() })).rejects.toMatchObject(refused);
    }
    await server.close();
  });

  test('in a session, where the hub stops allowing them, and where nobody switched them on', async () => {
    const switchedOff = await createServer({ name: 'secrets' });
    await registerSecrets(switchedOff, { ...(await deps()), enclaves: { attestation, developmentEnclaves: false } });
    const url = await listen(switchedOff);
    const account = () => privateKeyToAccount(generatePrivateKey());
    await expect(open(await session({ account: account() }), createClient({ baseUrl: url }))).rejects.toMatchObject(refused);
    expect((await fetch(`${url}/enclaves`)).headers.get('x-gleaner-enclaves')).toBeNull();
    await switchedOff.close();
    const deaf = await createServer({ name: 'secrets' });
    const hub = await hubThatSays(`0x${'00'.repeat(31)}01`);
    await registerSecrets(deaf, { ...(await deps()), chain: hub.chain, enclaves: on() });
    const baseUrl = await listen(deaf);
    expect(await open(await session({ account: account() }), createClient({ baseUrl }))).toMatchObject({ hardware: false });
    hub.say(`0x${'00'.repeat(32)}`);
    await expect(open(await session({ account: account() }), createClient({ baseUrl }))).rejects.toMatchObject(refused);
    await deaf.close();
  });

  /** The chain of this suite, whose hub answers the one question otherwise. */
  async function hubThatSays(answer: Hex | undefined) {
    let said = answer;
    const selector = toFunctionSelector('developmentEnclaves()');
    const transport = custom({
      async request({ method, params }) {
        if (method === 'eth_call' && JSON.stringify(params).includes(selector.slice(2))) {
          if (said === undefined) throw Object.assign(new Error('execution reverted'), { code: 3, data: '0x' });
          return said;
        }
        return await service.chain.client.request({ method, params } as never);
      },
    });
    const client = createPublicClient({ transport });
    const attempt: typeof service.chain.attempt = (work) =>
      work(client as never).catch(() => {
        throw new GleanerError('chain-reverted', 'The hub does not know the question');
      });
    const chain = { ...service.chain, client, attempt } as typeof service.chain;
    return { chain, say: (other: Hex) => (said = other) };
  }
});

test('answers, with a body or without, say that enclaves are simulated', async () => {
  const notice = 'simulated, no confidentiality';
  for (const path of ['/enclaves', '/tee/framework', `/secrets/web3?secretAddress=${deal.dataset}`, `/apps/${deal.app}/secrets`]) {
    expect((await fetch(service.url + path)).headers.get('x-gleaner-enclaves'), path).toBe(notice);
  }
  expect((await fetch(`${service.url}/healthz`)).headers.get('x-gleaner-enclaves')).toBeNull();
});

test('every release is a line of a sound log, and no value is in any log', async () => {
  const { db } = service.store;
  const lines = await db.selectFrom('secretLog').selectAll().where('event', '=', 'secrets.released').execute();
  expect(lines.length).toBeGreaterThan(4);
  expect(JSON.parse(lines[0]?.entry ?? '')).toMatchObject({
    taskId: deal.taskId,
    worker: worker.address,
    kind: 'dev-insecure',
    hardware: false,
  });
  expect(await verifyLog(service.store, await service.keys())).not.toHaveProperty('fault');
  const text = service.logged.text() + lines.map(({ entry }) => entry).join('');
  expect(text).toContain('secrets.released');
  for (const value of Object.values(VALUES)) expect(text).not.toContain(value);
});

interface EnclaveKeys {
  readonly enclave: ReturnType<typeof privateKeyToAccount>;
  readonly sealing: CryptoKeyPair;
}

interface SessionRequest extends EnclaveKeys {
  readonly account: ReturnType<typeof privateKeyToAccount>;
  readonly taskId: TaskId;
  readonly nonce: Bytes32;
  readonly evidence: string;
  readonly invitation: Hex;
  readonly workerSignature: Hex;
  readonly reportData: Hex;
}

/** What differs from a session that would be granted. */
interface Change {
  readonly deal?: TestDeal;
  readonly taskId?: TaskId;
  readonly account?: SessionRequest['account'];
  readonly keys?: EnclaveKeys;
  readonly nonce?: Bytes32;
  readonly claims?: Partial<ReportSubject>;
  readonly reportData?: Hex;
  readonly evidence?: string;
  readonly invitation?: Hex;
  readonly signer?: SessionRequest['account'];
}

async function session(change: Change = {}): Promise<SessionRequest> {
  const { account = worker, keys = await enclaveKeys(), signer = account } = change;
  const { taskId = (change.deal ?? deal).taskId, dealId } = { ...(change.deal ?? deal), ...(change.taskId && { taskId: change.taskId }) };
  const nonce = change.nonce ?? (await challenge(taskId, account.address)).nonce;
  const { chainId, hubAddress } = service.testChain;
  const claims: ReportSubject = {
    chainId,
    hubAddress,
    dealId,
    taskId,
    worker: account.address,
    nonce,
    signingKey: keys.enclave.publicKey,
    sealingKey: bytesToHex(new Uint8Array(await suite.kem.serializePublicKey(keys.sealing.publicKey))),
    measurement: attestation.measurementOf(CONTENT.checksum),
    ...change.claims,
  };
  const reportData = change.reportData ?? reportDataOf(claims);
  const evidence = change.evidence ?? (await attestation.attest(claims, { reportData }));
  return {
    ...keys,
    account,
    taskId,
    nonce,
    evidence,
    reportData,
    invitation: change.invitation ?? (await invite(service.accounts.workerpoolOwner, account.address, taskId)),
    workerSignature: await signChallenge(signer, enclaveSessionHash({ taskId, nonce, evidence })),
  };
}

async function enclaveKeys(): Promise<EnclaveKeys> {
  return { enclave: privateKeyToAccount(generatePrivateKey()), sealing: await suite.kem.generateKeyPair() };
}

function invite(pool: TestSecrets['accounts']['stranger'], address: Address, taskId = deal.taskId): Promise<Hex> {
  return signChallenge(pool, authorizationHash(address, taskId, ZERO_ADDRESS));
}

const client = () => createClient({ baseUrl: service.url });

const challenge = (taskId: TaskId, address: Address) => client().call(createEnclaveChallenge, { body: { taskId, worker: address } });

function open({ taskId, account, nonce, evidence, invitation, workerSignature }: SessionRequest, to = client()) {
  return to.call(openEnclaveSession, { body: { taskId, worker: account.address, nonce, evidence, invitation, workerSignature } });
}

/** @param signer whoever signs, when it is not the worker */
async function close({ taskId, account, enclave }: SessionRequest, signer = account) {
  const workerSignature = await signChallenge(signer, enclaveClosingHash({ taskId, enclave: enclave.address }));
  return await client().call(closeEnclaveSession, { body: { taskId, worker: account.address, enclave: enclave.address, workerSignature } });
}

async function unseal(
  { sealed }: Awaited<ReturnType<typeof open>>,
  { sealing, reportData }: Pick<SessionRequest, 'sealing' | 'reportData'>,
) {
  const info = new TextEncoder().encode(RELEASE_INFO);
  const recipient = await suite.createRecipientContext({ recipientKey: sealing, enc: hexToBytes(sealed.encapsulatedKey), info });
  const bytes = hexToBytes(sealed.ciphertext);
  expect((bytes.length - 16) % 1024).toBe(0);
  return releasedSecrets.parse(JSON.parse(new TextDecoder().decode(await recipient.open(bytes, hexToBytes(reportData)))));
}

/** Pushes a secret as its owner, by the endpoint of its kind. */
async function call(kind: 'dataset' | 'app' | 'requester' | 'account', owner: Address, name: string, value: string): Promise<void> {
  const { requester, appOwner, datasetOwner } = service.accounts;
  const account = kind === 'dataset' ? datasetOwner : kind === 'app' ? appOwner : requester;
  const authorization = await signChallenge(account, secretHash({ owner, value, ...(kind === 'dataset' ? {} : { name }) }));
  const options = { authorization };
  const { call: send } = client();
  if (kind === 'dataset') await send(pushDatasetSecret, { query: { secretAddress: owner }, body: value }, options);
  else if (kind === 'app') await send(pushAppSecret, { params: { app: owner }, body: value }, options);
  else if (kind === 'requester') await send(pushRequesterSecret, { params: { requester: owner, key: name }, body: value }, options);
  else await send(pushAccountSecret, { query: { ownerAddress: owner, secretName: name }, body: value }, options);
}
