import { runService } from '@gleaner/api/server';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readConfig } from './config.ts';
import { startOrderbook } from './startOrderbook.ts';

await runService('orderbook', async (log) => {
  const { databaseUrl, metricsPort, ...config } = readConfig(process.env);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = metricsPort === undefined ? {} : { metrics: { registry, port: metricsPort } };
  return await startOrderbook({ ...config, ...metrics, store: { url: databaseUrl }, withLedger: true, log });
});
