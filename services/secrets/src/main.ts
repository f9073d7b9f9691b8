import { runService } from '@gleaner/api/server';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readConfig } from './config.ts';
import { openDevAttestation } from './openDevAttestation.ts';
import { startSecrets } from './startSecrets.ts';

await runService('secrets', async (log) => {
  const { databaseUrl, metricsPort, devEnclaveRoot, ...config } = readConfig(process.env);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = metricsPort === undefined ? {} : { metrics: { registry, port: metricsPort } };
  const enclaves =
    devEnclaveRoot === undefined ? {} : { enclaves: { attestation: await openDevAttestation(devEnclaveRoot), developmentEnclaves: true } };
  return await startSecrets({ ...config, ...metrics, ...enclaves, store: { url: databaseUrl }, log });
});
