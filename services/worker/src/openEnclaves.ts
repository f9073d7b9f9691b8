import { assertDevelopmentEnclaves } from '@gleaner/attestation';
import { type Chain, readHub } from '@gleaner/chain';
import { createDevEnclaves } from '@gleaner/enclave';
import { GleanerError } from '@gleaner/primitives';
import { SIMULATED } from '@gleaner/protocol';
import type { Logger } from 'pino';
import type { LocalAccount } from 'viem';
import { createSecretsClient } from './adapters/createSecretsClient.ts';
import type { EnclaveParts } from './context.ts';

interface EnclaveSettings {
  readonly chain: Chain;
  /** As the chain itself gives it. */
  readonly chainId: number;
  readonly account: LocalAccount;
  readonly config: {
    readonly hubAddress: `0x${string}`;
    readonly secretsUrl: string | undefined;
    readonly devEnclaveRoot: string | undefined;
  };
  readonly log: Logger;
}

/**
 * The enclaves of this worker, when whoever started it asked for them.
 * @throws {GleanerError} enclave-not-allowed where chain, hub or environment say no; bad-request without a secret service
 */
export async function openEnclaves({ chain, chainId, account, config, log }: EnclaveSettings): Promise<EnclaveParts | undefined> {
  const { hubAddress, secretsUrl, devEnclaveRoot } = config;
  if (devEnclaveRoot === undefined) return undefined;
  assertDevelopmentEnclaves({ chainId, hubAllows: await readHub(chain).developmentEnclaves(), switchedOn: true });
  if (secretsUrl === undefined)
    throw new GleanerError('bad-request', 'GLEANER_DEV_ENCLAVE_ROOT needs GLEANER_SECRETS_URL, the secret service that approves enclaves', {
      details: { field: 'GLEANER_SECRETS_URL' },
    });
  const backend = createDevEnclaves({ rootPath: devEnclaveRoot });
  log.warn({ kind: backend.kind, hardware: backend.hardware }, `DEV ENCLAVE - NO CONFIDENTIALITY: ${SIMULATED}`);
  return { backend, secrets: createSecretsClient({ baseUrl: secretsUrl, account }), chainId, hubAddress };
}
