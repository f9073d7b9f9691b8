import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurementOf } from '@gleaner/attestation';
import { archiveDigest, extractArchive } from '@gleaner/content';
import type { Address } from '@gleaner/primitives';
import { enclaveHash, resultHash, resultSeal } from '@gleaner/protocol';
import { recoverMessageAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createDevEnclaves,
  type Enclave,
  type EnclaveAnswer,
  type EnclaveResult,
  measureEnclave,
  openResult,
  sealAnswer,
} from '../src/index.ts';
import { createSecretTask, type SecretTask, sealTo, verified } from './secretTask.ts';

const deep = Number(process.env['GLEANER_DEEP'] ?? 0) > 0;

const FOUND = (data: string) =>
  [
    'IEXEC_APP_DEVELOPER_SECRET=of the developer',
    'IEXEC_APP_DEVELOPER_SECRET_1=of the developer',
    'IEXEC_REQUESTER_SECRET_1=first',
    'IEXEC_REQUESTER_SECRET_7=seventh',
    'file: ',
    data,
    'file: ',
    'plain input\n\n',
  ].join('\n');

let task: SecretTask;
beforeAll(async () => {
  task = await createSecretTask();
});
afterAll(() => task.close());

describe('an enclave', () => {
  test('attests what it is: its code, its program, its task and keys made for it alone', async () => {
    const [one, other] = [await start(), await start()];
    const evidence = await verified(one.evidence, task.root);
    const { program, ...subject } = task.attest;
    expect(evidence.claims).toMatchObject(subject);
    expect(evidence.enclave).toBe(one.address);
    expect(evidence.measurement).toBe(
      measurementOf({ code: await measureEnclave(), program: program.checksum, contentId: program.contentId }),
    );
    const another = (await verified(other.evidence, task.root)).claims;
    expect(new Set([evidence.claims.signingKey, another.signingKey]).size).toBe(2);
    expect(new Set([evidence.claims.sealingKey, another.sealingKey]).size).toBe(2);
    await Promise.all([one.close(), other.close()]);
  });

  test('gives the beneficiary, and nobody else, what the program made of its secrets; nothing stays behind', async () => {
    const { result, address } = await work({ secrets: task.secrets });
    expect(result).toMatchObject({ type: 'result', encrypted: true });
    expect(JSON.stringify(result)).not.toMatch(/first|developer|nobody/);
    if (result.type !== 'result') return;
    const archive = await readFile(join(task.folder, 'archive.zip'));
    const files = await decrypt(archive);
    expect(files['found.txt']).toBe(FOUND(task.data));
    expect(Object.keys(files).sort()).toEqual(['computed.json', 'found.txt', 'stderr.txt', 'stdout.txt']);
    expect(archive.includes('first')).toBe(false);
    expect(JSON.parse(files['computed.json'] ?? '')).toMatchObject({
      enclave: { kind: 'dev-insecure', hardware: false, notice: 'simulated, no confidentiality' },
    });
    await expectSigned(result, address);
    expect(existsSync(join(task.folder, 'scratch'))).toBe(false);
  });

  test('shows its host nothing of what came out before the key of its answer is given, and then to nobody with another', async () => {
    const { beneficiaryKey: _, ...secrets } = task.secrets;
    const { answer, address } = await answerTo({ secrets });
    expect(answer).toEqual({ type: 'sealed', answer: expect.any(String) });
    if (answer.type !== 'sealed') return;
    const sealedArchivePath = join(task.folder, 'archive.sealed');
    const archive = await readFile(sealedArchivePath);
    for (const bytes of [archive, Buffer.from(answer.answer, 'base64')]) {
      for (const word of ['first', 'PK\u0003\u0004', 'digest', 'enclaveSign', 'found.txt']) expect(bytes.includes(word)).toBe(false);
    }
    const { taskId, worker } = task.attest;
    const sealed = { taskId, worker, enclave: address, answer: answer.answer, sealedArchivePath };
    const path = join(task.folder, 'opened.zip');
    const { answerKey } = task.secrets;
    const other = { address: `0x${'77'.repeat(20)}` as Address, key: `0x${'77'.repeat(32)}` as typeof answerKey };
    const changed = Buffer.from(answer.answer, 'base64');
    changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
    for (const [of, key] of [
      [sealed, other.key],
      [{ ...sealed, enclave: other.address }, answerKey],
      [{ ...sealed, worker: other.address }, answerKey],
      [{ ...sealed, answer: changed.toString('base64') }, answerKey],
      [{ ...sealed, answer: archive.toString('base64') }, answerKey],
      [{ ...sealed, answer: '' }, answerKey],
      [{ ...sealed, answer: sealAnswer('answer', Buffer.from('{}'), answerKey, sealed).toString('base64') }, answerKey],
    ] as const) {
      await expect(openResult(of, key, path)).rejects.toMatchObject({ code: 'data-corrupt' });
    }
    await expect(openResult({ ...sealed, sealedArchivePath: `${sealedArchivePath}.gone` }, answerKey, path)).rejects.toMatchObject({
      code: 'data-unreadable',
    });
    expect(existsSync(path)).toBe(false);
    const again = await openResult(sealed, answerKey, path);
    expect(await openResult(sealed, answerKey, path)).toEqual(again);
    expect((await archiveDigest(await readFile(path))).digest).toBe(again.digest);
  });

  test.runIf(deep)('without encryption gives the archive whose digest it signed, and what was printed', async () => {
    const { beneficiaryKey: _, ...secrets } = task.secrets;
    const { result, address } = await work({ secrets });
    expect(result).toMatchObject({ type: 'result', encrypted: false, logs: { stdout: 'the secret is first\n', stderr: '' } });
    if (result.type !== 'result') return;
    expect((await archiveDigest(await readFile(join(task.folder, 'archive.zip')))).digest).toBe(result.digest);
    await expectSigned(result, address);
  });

  test.runIf(deep)('names the callback data only for a deal with a callback', async () => {
    const params = { iexec_args: 'callback' };
    const { beneficiaryKey: _, ...secrets } = task.secrets;
    expect((await work({ secrets, params, callback: true })).result).toMatchObject({ type: 'result', callbackData: '0x2a' });
    expect((await work({ secrets, params })).result).not.toHaveProperty('callbackData');
  });

  test('tells of a failure a code and its fixed sentence alone', async () => {
    const { result } = await work({ secrets: task.secrets, params: { iexec_args: 'fail' } });
    expect(result).toEqual({
      type: 'failed',
      failure: { code: 'program-exit-code', message: expect.not.stringMatching(/first|7/), deterministic: true },
    });
  });

  test('refuses secrets that are not for it: sealed to another enclave, with other report data, or of no known form', async () => {
    const enclave = await start();
    const evidence = await verified(enclave.evidence, task.root);
    const sealed = await sealTo(evidence, task.secrets);
    await enclave.close();
    const otherData = await sealTo({ ...evidence, reportData: `0x${'00'.repeat(64)}` }, task.secrets);
    const wrong = deep ? [sealed, otherData, { ...sealed, encapsulatedKey: '0x' as const }] : [sealed];
    for (const release of wrong)
      expect((await work({ sealed: release })).result).toMatchObject({ type: 'failed', failure: { code: 'evidence-mismatch' } });
    if (deep) expect((await work({ secrets: { requesterSecrets: 1 } })).result).toMatchObject({ failure: { code: 'evidence-mismatch' } });
  }, 60_000);

  test('does not believe its host: other parameters than those that were sealed are refused', async () => {
    const asked = { iexec_result_encryption: true };
    const { result } = await work({ secrets: task.secrets, params: { iexec_args: 'callback' }, sealedParams: asked });
    expect(result).toMatchObject({ type: 'failed', failure: { code: 'evidence-mismatch' } });
  });

  test.runIf(deep)(
    'refuses an altered data set, a wrong key, a key of another data set, and a result key that was not released',
    async () => {
      const altered = join(task.folder, 'altered');
      const bytes = await readFile(join(task.folder, 'dataset'));
      bytes[20] = (bytes[20] as number) ^ 1;
      await writeFile(altered, bytes);
      const { dataset, beneficiaryKey: _, ...rest } = task.secrets;
      if (dataset === undefined) throw new Error('the task has a data set');
      const cases = [
        [{ secrets: task.secrets, dataset: altered }, 'content-corrupt'],
        [{ secrets: { ...task.secrets, dataset: { ...dataset, key: Buffer.alloc(32).toString('base64') } } }, 'key-invalid'],
        [{ secrets: { ...task.secrets, dataset: { ...dataset, key: 'short' } } }, 'key-invalid'],
        [{ secrets: { ...task.secrets, dataset: { ...dataset, address: `0x${'99'.repeat(20)}` } } }, 'secret-missing'],
        [{ secrets: rest }, 'secret-missing'],
        [{ secrets: { dataset, ...rest }, params: { iexec_result_encryption: true } }, 'secret-missing'],
        [{ secrets: { ...task.secrets, beneficiaryKey: 'bm8ga2V5' } }, 'key-invalid'],
      ] as const;
      for (const [options, code] of cases) expect((await work(options)).result, code).toMatchObject({ type: 'failed', failure: { code } });
    },
    120_000,
  );

  test('does not start for another program than the one named, nor on a chain that is no development chain', async () => {
    const { program } = task.attest;
    const wrong = { ...task.attest, program: { ...program, checksum: `0x${'00'.repeat(32)}` as typeof program.checksum } };
    await expect(start(wrong)).rejects.toMatchObject({ code: 'program-checksum-mismatch' });
    await expect(start({ ...task.attest, chainId: 42_161 })).rejects.toMatchObject({ code: 'enclave-not-allowed' });
    process.env['NODE_ENV'] = 'production';
    try {
      expect(() => createDevEnclaves({ rootPath: task.rootPath })).toThrow(expect.objectContaining({ code: 'enclave-not-allowed' }));
    } finally {
      process.env['NODE_ENV'] = 'test';
    }
  });

  test.runIf(deep)('that is killed or runs too long is an answer, never a wait', async () => {
    const enclave = await start();
    const spin = { iexec_args: 'spin' };
    const sealed = await sealTo(await verified(enclave.evidence, task.root), withParams(task.secrets, spin));
    const stop = new AbortController();
    const run = enclave.run(task.run({ sealed, params: spin }), stop.signal);
    setTimeout(() => stop.abort(), 300);
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
    await enclave.close();
    const { result } = await work({ secrets: task.secrets, params: spin, wallMs: 300 });
    expect(result).toMatchObject({ type: 'failed', failure: { code: 'wall-time-exceeded', deterministic: false } });
  });
});

const withParams = (secrets: unknown, params: Work['params']) => ({ ...(secrets as object), params: task.paramsOf(params) });

interface Work {
  /** Parameters as the chain has them, when the host tells others. */
  readonly sealedParams?: Work['params'];
  readonly secrets?: unknown;
  readonly sealed?: Parameters<SecretTask['run']>[0]['sealed'];
  readonly params?: Parameters<SecretTask['run']>[0]['params'];
  readonly callback?: boolean;
  readonly dataset?: string;
  readonly wallMs?: number;
}

function start(request = task.attest): Promise<Enclave> {
  const signal = AbortSignal.timeout(30_000);
  return createDevEnclaves({ rootPath: task.rootPath }).start(request, { folder: join(task.folder, `scratch-${Math.random()}`), signal });
}

type Opened = Extract<EnclaveAnswer, { type: 'failed' }> | ({ readonly type: 'result' } & EnclaveResult);

async function work(options: Work): Promise<{ result: Opened; address: string }> {
  const { answer, address } = await answerTo(options);
  if (answer.type === 'failed') return { result: answer, address };
  const { taskId, worker } = task.attest;
  const sealed = { taskId, worker, enclave: address, answer: answer.answer, sealedArchivePath: join(task.folder, 'archive.sealed') };
  const result = await openResult(sealed, task.secrets.answerKey, join(task.folder, 'archive.zip'));
  return { result: { type: 'result', ...result }, address };
}

async function answerTo({ secrets, sealed, sealedParams, ...options }: Work): Promise<{ answer: EnclaveAnswer; address: Address }> {
  const enclave = await createDevEnclaves({ rootPath: task.rootPath }).start(task.attest, {
    folder: join(task.folder, 'scratch'),
    signal: AbortSignal.timeout(30_000),
  });
  try {
    const given =
      sealed ?? (await sealTo(await verified(enclave.evidence, task.root), withParams(secrets, sealedParams ?? options.params)));
    return {
      answer: await enclave.run(task.run({ sealed: given, ...options } as never), AbortSignal.timeout(60_000)),
      address: enclave.address,
    };
  } finally {
    await enclave.close();
  }
}

async function expectSigned({ digest, enclaveSign }: EnclaveResult, address: string): Promise<void> {
  const { taskId, worker } = task.attest;
  const raw = enclaveHash(resultHash(taskId, digest), resultSeal(worker, taskId, digest));
  expect(await recoverMessageAddress({ message: { raw }, signature: enclaveSign })).toBe(address);
}

/** Opens a result as the stock client does, with nothing of ours but the unpacking of zips. */
async function decrypt(archive: Uint8Array): Promise<Record<string, string>> {
  const outer = await unzip(archive);
  const key = privateDecrypt({ key: task.beneficiary, padding: constants.RSA_PKCS1_PADDING }, outer['aes-key.rsa'] as Buffer);
  const body = outer['iexec_out.zip.aes'] as Buffer;
  const decipher = createDecipheriv('aes-256-cbc', key, body.subarray(0, 16));
  const inner = await unzip(Buffer.concat([decipher.update(body.subarray(16)), decipher.final()]));
  return Object.fromEntries(Object.entries(inner).map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

async function unzip(archive: Uint8Array): Promise<Record<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-unzip-'));
  try {
    await extractArchive(archive, folder);
    const names = await readdir(folder);
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
