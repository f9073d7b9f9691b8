import { randomBytes } from 'node:crypto';
import type { HttpServer } from '@gleaner/api/server';
import { type Attestation, assertDevelopmentEnclaves } from '@gleaner/attestation';
import type { Chain } from '@gleaner/chain';
import type { Clock, Random } from '@gleaner/primitives';
import { SIMULATED } from '@gleaner/protocol';
import type { Store } from '@gleaner/store';
import type { Logger } from 'pino';
import { createChainFacts } from './adapters/chainFacts.ts';
import { sealToEnclave } from './adapters/sealToEnclave.ts';
import { createSecretStore } from './adapters/secretStore.ts';
import type { MasterKeys } from './domain/masterKeys.ts';
import type { ReadContent } from './ports.ts';
import { registerEnclaveRoutes } from './routes/enclaveRoutes.ts';
import { registerFrameworkRoutes } from './routes/frameworkRoutes.ts';
import { registerSecretRoutes } from './routes/secretRoutes.ts';

export interface EnclaveOptions {
  readonly attestation: Attestation;
  /** Lets enclaves in that keep nothing secret from their machine; development chains only. */
  readonly developmentEnclaves: boolean;
  /** For the files of bulk requests; without it none is served. */
  readonly readContent?: ReadContent;
}

export interface RegisterSecretsDeps {
  readonly chain: Chain;
  readonly chainId: number;
  readonly store: Store;
  /** From `openMasterKey`. */
  readonly keys: MasterKeys;
  readonly log: Logger;
  /** Without it secrets are kept and none is ever released. */
  readonly enclaves?: EnclaveOptions;
  /** Secrets that one account may have of each kind; 1000 unless told. */
  readonly perOwner?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

const PER_OWNER = 1_000;

/**
 * Adds the secret service to a server.
 * @throws {GleanerError} enclave-not-allowed when development enclaves are switched on and the chain is no development chain, or its hub
 * was made without them; chain-unreachable
 */
export async function registerSecrets(server: HttpServer, deps: RegisterSecretsDeps): Promise<void> {
  const { chain, chainId, keys, log, enclaves, perOwner = PER_OWNER } = deps;
  const facts = createChainFacts(chain);
  if (enclaves?.developmentEnclaves) {
    assertDevelopmentEnclaves({ chainId, hubAllows: await facts.hubAllowsDevelopment(), switchedOn: true });
    log.warn({ chainId, hardware: false }, `DEV ENCLAVE - NO CONFIDENTIALITY: ${SIMULATED}`);
    sayOnAnswers(server);
  }
  const store = createSecretStore(deps.store.db, { logKey: keys.log, perOwner });
  const clock = deps.clock ?? { nowMs: () => Date.now() };
  const random = deps.random ?? { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
  const secrets = { facts, store, keys, clock, random, log };
  registerSecretRoutes(server, secrets);
  registerFrameworkRoutes(server);
  if (enclaves !== undefined) {
    registerEnclaveRoutes(server, { ...secrets, ...enclaves, chainId, hubAddress: chain.hubAddress, sealToEnclave });
  }
  server.healthChecks.set('secrets', async () => {
    await Promise.all([chain.head(), store.has({ kind: 'dataset', owner: chain.hubAddress, name: '' })]);
  });
}

/** First parts of the paths of this service, which may share its server with others. */
const PATHS = /^\/(secrets|apps|requesters|enclaves|tee)(\/|\?|$)/;

/** Answers without a body say it too. */
function sayOnAnswers(server: HttpServer): void {
  server.addHook('onRequest', async (request, reply) => {
    if (PATHS.test(request.url)) reply.header('x-gleaner-enclaves', SIMULATED);
  });
}
