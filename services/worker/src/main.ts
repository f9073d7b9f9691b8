import { join } from 'node:path';
import { runService } from '@gleaner/api/server';
import { createChain } from '@gleaner/chain';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { createWasiRunner } from '@gleaner/sandbox';
import { createChainPort } from './adapters/createChainPort.ts';
import { createContentPort } from './adapters/createContentPort.ts';
import { createSchedulerClient } from './adapters/createSchedulerClient.ts';
import { readWorkerConfig } from './config.ts';
import { startWorker } from './startWorker.ts';

const STAKE_MS = 60_000;

await runService('worker', async (log) => {
  const { dataDir, slots, pollMs, ...config } = readWorkerConfig(process.env);
  const account = accountFromKey(await readKeyFile(config.keyFile));
  const connection = createChain({ rpcUrl: config.rpcUrl, hubAddress: config.hubAddress });
  await connection.identify(config.chainId === undefined ? {} : { chainId: config.chainId });
  const chain = await createChainPort({ chain: connection, account });
  const freeStake = await chain.putUpStake(config.stakeNano, AbortSignal.timeout(STAKE_MS));
  log.info({ worker: account.address, freeStake: freeStake.toString() }, 'worker.staked');
  return await startWorker({
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
});
