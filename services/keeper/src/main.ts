import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { toGleanerError } from '@gleaner/primitives';
import { destination, pino } from 'pino';
import { readConfig } from './config.ts';
import { startKeeper } from './startKeeper.ts';

const log = pino({ name: 'keeper', level: process.env['GLEANER_LOG_LEVEL'] ?? 'info' }, destination({ fd: 2, sync: true }));

try {
  const { databaseUrl, keyFile, ...config } = readConfig(process.env);
  const account = accountFromKey(await readKeyFile(keyFile));
  const service = await startKeeper({ ...config, account, store: { url: databaseUrl }, withLedger: true, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), 5000).unref();
      void service.close().then(() => process.exit(0));
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
} catch (error) {
  const { code, message } = toGleanerError(error);
  log.fatal({ err: error, code }, message);
  process.exit(1);
}
