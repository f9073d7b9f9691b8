import { join } from 'node:path';
import { createChain } from '@gleaner/chain';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { toGleanerError } from '@gleaner/primitives';
import { createWasiRunner } from '@gleaner/sandbox';
import { destination, pino } from 'pino';
import { createChainPort } from './adapters/createChainPort.ts';
import { createContentPort } from './adapters/createContentPort.ts';
import { createSchedulerClient } from './adapters/createSchedulerClient.ts';
import { readWorkerConfig } from './config.ts';
import { startWorker } from './startWorker.ts';

const log = pino({ name: 'worker', level: process.env['GLEANER_LOG_LEVEL'] ?? 'info' }, destination({ fd: 2, sync: true }));

try {
  const config = readWorkerConfig(process.env);
  const { dataDir, slots, pollMs } = config;
  const account = accountFromKey(await readKeyFile(config.keyFile));
  const chain = await createChainPort({ chain: createChain({ rpcUrl: config.rpcUrl, hubAddress: config.hubAddress }), account });
  const freeStake = await chain.putUpStake(config.stakeNano, AbortSignal.timeout(60_000));
  log.info({ event: 'worker.staked', worker: account.address, freeStake: freeStake.toString() });
  const worker = await startWorker({
    chain,
    scheduler: createSchedulerClient({ baseUrl: config.schedulerUrl, account, name: config.name, slots }),
    content: await createContentPort({ gatewayUrl: config.gatewayUrl, cacheDir: join(dataDir, 'content'), account }),
    runner: await createWasiRunner({ cacheDir: join(dataDir, 'metered') }),
    clock: { nowMs: () => Date.now() },
    log,
    dataDir,
    slots,
    pollMs,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), 5000).unref();
      void worker.close().then(() => process.exit(0));
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
} catch (error) {
  const { code, message } = toGleanerError(error);
  log.fatal({ err: error, code }, message);
  process.exit(1);
}
