import { runService } from '@gleaner/api/server';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { contentReader } from './adapters/contentReader.ts';
import { readConfig } from './config.ts';
import { openDevAttestation } from './openDevAttestation.ts';
import type { EnclaveOptions } from './registerSecrets.ts';
import { startSecrets } from './startSecrets.ts';

await runService('secrets', async (log) => {
  const { databaseUrl, metricsPort, devEnclaveRoot, gatewayUrl, ...config } = readConfig(process.env);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = metricsPort === undefined ? {} : { metrics: { registry, port: metricsPort } };
  const enclaves = devEnclaveRoot === undefined ? {} : { enclaves: await openEnclaves(devEnclaveRoot, gatewayUrl) };
  return await startSecrets({ ...config, ...metrics, ...enclaves, store: { url: databaseUrl }, log });
});

async function openEnclaves(rootPath: string, gatewayUrl: string | undefined): Promise<EnclaveOptions> {
  const attestation = await openDevAttestation(rootPath);
  return { attestation, developmentEnclaves: true, ...(gatewayUrl === undefined ? {} : { readContent: contentReader(gatewayUrl) }) };
}
