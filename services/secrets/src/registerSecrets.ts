import { randomBytes } from 'node:crypto';
import type { HttpServer } from '@gleaner/api/server';
import type { Chain } from '@gleaner/chain';
import type { Clock, Random } from '@gleaner/primitives';
import type { Store } from '@gleaner/store';
import type { Logger } from 'pino';
import { createChainFacts } from './adapters/chainFacts.ts';
import { sealToEnclave } from './adapters/sealToEnclave.ts';
import { createSecretStore } from './adapters/secretStore.ts';
import { assertDevelopment, SIMULATED_NOTICE } from './domain/checkSession.ts';
import type { MasterKeys } from './domain/masterKeys.ts';
import type { Attestation } from './ports.ts';
import { registerEnclaveRoutes } from './routes/enclaveRoutes.ts';
import { registerFrameworkRoutes } from './routes/frameworkRoutes.ts';
import { registerSecretRoutes } from './routes/secretRoutes.ts';

export interface EnclaveOptions {
  readonly attestation: Attestation;
  /** Lets enclaves in that keep nothing secret from their machine; development chains only. */
  readonly developmentEnclaves: boolean;
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
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Adds the secret service to a server.
 * @throws {GleanerError} enclave-not-allowed when development enclaves are switched on for a chain that is no development chain
 */
export function registerSecrets(server: HttpServer, deps: RegisterSecretsDeps): void {
  const { chain, chainId, keys, log, enclaves } = deps;
  if (enclaves?.developmentEnclaves) {
    assertDevelopment({ chainId, developmentEnclaves: true });
    log.warn({ chainId }, `enclaves: ${SIMULATED_NOTICE}`);
  }
  const store = createSecretStore(deps.store.db, keys.log);
  const facts = createChainFacts(chain);
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
