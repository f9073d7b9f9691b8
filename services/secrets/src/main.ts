import { runService } from '@gleaner/api/server';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readConfig } from './config.ts';
import { startSecrets } from './startSecrets.ts';

await runService('secrets', async (log) => {
  const { databaseUrl, metricsPort, ...config } = readConfig(process.env);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = metricsPort === undefined ? {} : { metrics: { registry, port: metricsPort } };
  return await startSecrets({ ...config, ...metrics, store: { url: databaseUrl }, log });
});
