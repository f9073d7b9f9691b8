import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractArchive, MAX_ARCHIVE_BYTES } from '@gleaner/content';
import { type Cid, invariant, ZERO_ADDRESS } from '@gleaner/primitives';
import { decodeResultLink } from '@gleaner/protocol';
import { fetchContent } from '@gleaner/sdk';
import { expect } from 'vitest';
import { APP_SECRET, type Confidential, type ConfidentialDeal, DATA, REQUESTER_SECRET } from './confidentialDeal.ts';
import type { TestNetwork } from './startTestNetwork.ts';
import { poolTask, whenEnded } from './taskEnds.ts';

/** What nobody but the parties may see, as text that would show. */
export const SECRETS = [DATA.trim(), APP_SECRET, REQUESTER_SECRET];

/** The program found every secret, and its result says so to who can open it, with how little the enclave keeps. */
export function expectFound(files: Readonly<Record<string, string>>): void {
  expect(files['found.txt']?.split('\n')).toEqual(
    expect.arrayContaining([
      `IEXEC_APP_DEVELOPER_SECRET=${APP_SECRET}`,
      `IEXEC_REQUESTER_SECRET_1=${REQUESTER_SECRET}`,
      'IEXEC_REQUESTER_SECRET_7=(absent)',
      DATA.trim(),
    ]),
  );
  expect(JSON.parse(files['computed.json'] ?? '')).toMatchObject({
    enclave: { kind: 'dev-insecure', hardware: false, notice: 'simulated, no confidentiality' },
  });
}

/** The archive that the chain names, once the task is completed. */
export async function archiveOf(net: TestNetwork, { taskId }: ConfidentialDeal): Promise<Buffer> {
  const requester = net.as('requester');
  const [task] = await whenEnded(net, [taskId]);
  expect(task?.status).toBe('completed');
  const { results } = await requester.hub.viewTask(taskId);
  const cid = decodeResultLink(results);
  invariant(cid !== undefined, 'A completed task has a result', { taskId });
  return Buffer.from(await fetchContent(requester, cid as Cid, { maxBytes: MAX_ARCHIVE_BYTES }));
}

/** The one contribution is by an enclave, and the sole worker locked no stake. */
export async function expectEnclaved(net: TestNetwork, { taskId }: ConfidentialDeal): Promise<void> {
  const { hub } = net.as('requester');
  const { contributors } = await hub.viewTask(taskId);
  expect(contributors).toHaveLength(1);
  const contribution = await hub.viewContribution({ taskId, worker: contributors[0] as `0x${string}` });
  expect(contribution).toMatchObject({ status: 'proved' });
  expect(contribution.enclaveChallenge).not.toBe(ZERO_ADDRESS);
}

/** Nobody who looks at the task is left to think that it was kept secret from the machine. */
export async function expectLabelled(net: TestNetwork, { taskId }: ConfidentialDeal): Promise<void> {
  const enclave = { hardware: false, notice: 'simulated, no confidentiality' };
  expect(await poolTask(net, taskId)).toMatchObject({ enclave });
  expect((await net.gleaner(['task', 'show', taskId])).value).toMatchObject({ task: { enclave } });
  expect((await net.gleaner(['task', 'result', taskId])).value).toMatchObject({ enclave, encrypted: true });
  expect(net.network).toMatchObject({ enclaves: enclave });
  expect((await net.gleaner(['status'])).value).toMatchObject({
    network: { enclaves: enclave },
    live: { workers: expect.arrayContaining([expect.objectContaining({ enclave })]) },
  });
}

/** No log of the network has a word of it, however bytes may be written. */
export function expectNowhere({ dataDir }: TestNetwork, secrets: readonly string[]): void {
  const folder = join(dataDir, 'logs');
  const names = readdirSync(folder);
  expect(names).toContain('worker-1.log');
  for (const name of names) expectWithout(readFileSync(join(folder, name)), secrets, name);
}

/** None of these bytes has one of the secrets: as it is, in hexadecimal digits, or in base64 at any of its three offsets. */
export function expectWithout(bytes: Buffer, secrets: readonly string[], where: string): void {
  for (const secret of secrets) for (const form of formsOf(secret)) expect(bytes.includes(form), `${where}: ${form}`).toBe(false);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const aligned = [0, 1, 2].map((skip) => bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3).toString('base64'));
  return [secret, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...aligned];
}

/** Opens a result as the stock client does. */
export async function decrypt({ resultKey }: Confidential, archive: Uint8Array): Promise<Record<string, string>> {
  const outer = await unzip(archive);
  const key = privateDecrypt({ key: resultKey, padding: constants.RSA_PKCS1_PADDING }, outer['aes-key.rsa'] ?? Buffer.of());
  const body = outer['iexec_out.zip.aes'] ?? Buffer.of();
  const decipher = createDecipheriv('aes-256-cbc', key, body.subarray(0, 16));
  const inner = await unzip(Buffer.concat([decipher.update(body.subarray(16)), decipher.final()]));
  return Object.fromEntries(Object.entries(inner).map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

async function unzip(archive: Uint8Array): Promise<Record<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-unzip-'));
  try {
    const names = await extractArchive(archive, folder);
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
