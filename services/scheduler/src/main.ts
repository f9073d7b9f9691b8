import { createChain } from '@gleaner/chain';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { startLedger } from '@gleaner/ledger';
import { toGleanerError } from '@gleaner/primitives';
import { openStore } from '@gleaner/store';
import { destination, pino } from 'pino';
import { readSchedulerConfig } from './config.ts';
import { startScheduler } from './startScheduler.ts';

const log = pino({ name: 'scheduler', level: process.env['GLEANER_LOG_LEVEL'] ?? 'info' }, destination({ fd: 2, sync: true }));

try {
  const { keyFile, databaseUrl, network, ...config } = readSchedulerConfig(process.env);
  const account = accountFromKey(await readKeyFile(keyFile));
  const store = await openStore({ url: databaseUrl, maxConnections: 3 });
  const ledger = startLedger({ chain: createChain({ rpcUrl: network.rpcUrl, hubAddress: network.hubAddress }), store, log });
  await ledger.waitForBlock(0n, AbortSignal.timeout(30_000));
  const service = await startScheduler({ ...config, network, account, databaseUrl, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), 5000).unref();
      void Promise.all([service.close(), ledger.close()])
        .then(() => store.close())
        .then(() => process.exit(0));
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: true, url: service.url })}\n`);
} catch (error) {
  const { code, message } = toGleanerError(error);
  log.fatal({ err: error, code }, message);
  process.exit(1);
}
