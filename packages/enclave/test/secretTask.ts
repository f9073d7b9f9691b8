import { createCipheriv, createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELEASE_INFO, type ReleasedSecrets } from '@gleaner/api';
import { createDevelopmentRoot, createDevVerifier, type DevelopmentRoot, publicRootOf, type VerifiedEvidence } from '@gleaner/attestation';
import { computeCid } from '@gleaner/content';
import type { Address, Bytes32, DealId, Hex } from '@gleaner/primitives';
import { executionLimits, formatParams, type RequestParams, taskId } from '@gleaner/protocol';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { bytesToHex, getAddress, hexToBytes } from 'viem';
import type { AttestRequest, RunRequest } from '../src/index.ts';

const programPath = join(import.meta.dirname, '..', 'fixtures', 'secret.wasm');
const HUB = getAddress(`0x${'1a'.repeat(20)}`) as Address;
const DATASET = getAddress(`0x${'da'.repeat(20)}`) as Address;
const WORKER = getAddress(`0x${'e3'.repeat(20)}`) as Address;
const SECRET_DATA = 'nobody on the host may read this line\n';
/** What stands in for an input file's location in the content store. */
const INPUT_URL = 'ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG';

/** All that a confidential task needs, on this machine, in a folder that goes away. */
export interface SecretTask {
  readonly folder: string;
  readonly rootPath: string;
  readonly root: DevelopmentRoot;
  readonly attest: AttestRequest;
  readonly secrets: Omit<ReleasedSecrets, 'params'>;
  /** Text of the request's parameters. */
  paramsOf(params?: RequestParams): string;
  readonly beneficiary: KeyObject;
  readonly data: string;
  run(options: { params?: RequestParams; sealed: RunRequest['sealed']; callback?: boolean; dataset?: string; wallMs?: number }): RunRequest;
  close(): Promise<void>;
}

export async function createSecretTask(): Promise<SecretTask> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-enclave-'));
  const root = await createDevelopmentRoot();
  const rootPath = join(folder, 'root.json');
  await writeFile(rootPath, JSON.stringify(root), { mode: 0o600 });
  const program = await readFile(programPath);
  const { encrypted, key } = encryptAsClient(Buffer.from(SECRET_DATA));
  await writeFile(join(folder, 'dataset'), encrypted);
  await writeFile(join(folder, 'input'), 'plain input\n');
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const dealId = hex(randomBytes(32)) as DealId;
  return {
    folder,
    rootPath,
    root,
    attest: {
      chainId: 1_337_042,
      hubAddress: HUB,
      dealId,
      taskId: taskId(dealId, 0n),
      worker: WORKER,
      nonce: hex(randomBytes(32)) as Bytes32,
      program: { path: programPath, contentId: await computeCid(program), checksum: sha256(program) },
    },
    secrets: {
      dataset: { address: DATASET, key, checksum: sha256(encrypted) },
      appSecret: 'of the developer',
      requesterSecrets: { 1: 'first', 7: 'seventh' },
      answerKey: hex(randomBytes(32)) as Bytes32,
      beneficiaryKey: Buffer.from(pair.publicKey.export({ type: 'spki', format: 'pem' })).toString('base64'),
    },
    beneficiary: pair.privateKey,
    data: SECRET_DATA,
    paramsOf,
    run: ({ params, sealed, callback = false, dataset = join(folder, 'dataset'), wallMs = 60_000 }) => {
      const { fuel, ...limits } = executionLimits(100n);
      return {
        sealed,
        terms: {
          index: '0',
          botFirst: '0',
          botSize: '1',
          dataset: DATASET,
          params: paramsOf(params),
          callback,
        },
        files: { dataset, inputs: [join(folder, 'input')] },
        limits: { ...limits, fuel: `${fuel * 1000n}`, wallMs },
        archivePath: join(folder, 'archive.sealed'),
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const paramsOf = (params: RequestParams = {}): string => formatParams({ iexec_input_files: [INPUT_URL], ...params });

/** Encrypts as the stock client does: IV, then AES-256-CBC. */
function encryptAsClient(data: Uint8Array): { readonly encrypted: Buffer; readonly key: string } {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return { encrypted: Buffer.concat([iv, cipher.update(data), cipher.final()]), key: key.toString('base64') };
}

/** Seals as a secret service does. */
export async function sealTo(
  { claims, reportData }: Pick<VerifiedEvidence, 'claims' | 'reportData'>,
  secrets: unknown,
): Promise<RunRequest['sealed']> {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(hexToBytes(claims.sealingKey));
  const sender = await suite.createSenderContext({ recipientPublicKey, info: new TextEncoder().encode(RELEASE_INFO) });
  const ciphertext = await sender.seal(new TextEncoder().encode(JSON.stringify(secrets)), hexToBytes(reportData));
  return { encapsulatedKey: bytesToHex(new Uint8Array(sender.enc)), ciphertext: bytesToHex(new Uint8Array(ciphertext)) };
}

export async function verified(evidence: string, root: DevelopmentRoot): Promise<VerifiedEvidence> {
  return await (await createDevVerifier(publicRootOf(root))).verify(evidence, Math.floor(Date.now() / 1000));
}

const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`;
const sha256 = (bytes: Uint8Array): Bytes32 => `0x${createHash('sha256').update(bytes).digest('hex')}` as Bytes32;
