import { runService } from '@gleaner/api/server';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readConfig } from './config.ts';
import { startGateway } from './startGateway.ts';

await runService('gateway', async (log) => {
  const { metricsPort, ...config } = readConfig(process.env);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return await startGateway({ ...config, ...(metricsPort === undefined ? {} : { metrics: { registry, port: metricsPort } }), log });
});
