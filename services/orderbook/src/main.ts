import { toGleanerError } from '@gleaner/primitives';
import { destination, pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readConfig } from './config.ts';
import { startOrderbook } from './startOrderbook.ts';

const log = pino({ name: 'orderbook', level: process.env['GLEANER_LOG_LEVEL'] ?? 'info' }, destination({ fd: 2, sync: true }));

try {
  const { databaseUrl, metricsPort, ...config } = readConfig(process.env);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = metricsPort === undefined ? {} : { metrics: { registry, port: metricsPort } };
  const service = await startOrderbook({ ...config, ...metrics, store: { url: databaseUrl }, withLedger: true, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), 5000).unref();
      void service.close().then(() => process.exit(0));
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: true, url: service.url })}\n`);
} catch (error) {
  const { code, message } = toGleanerError(error);
  log.fatal({ err: error, code }, message);
  process.exit(1);
}
