import { join } from 'node:path';
import { runService } from '@gleaner/api/server';
import { createChain } from '@gleaner/chain';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { isDevelopmentChain } from '@gleaner/protocol';
import { createWasiRunner } from '@gleaner/sandbox';
import { createChainPort } from './adapters/createChainPort.ts';
import { createContentPort } from './adapters/createContentPort.ts';
import { createMarketView } from './adapters/createMarketView.ts';
import { createSchedulerClient } from './adapters/createSchedulerClient.ts';
import { readWorkerConfig } from './config.ts';
import { assertMayMisbehave } from './misbehaviour/assertMayMisbehave.ts';
import { formatMisbehaviour } from './misbehaviour/Misbehaviour.ts';
import { misbehave } from './misbehaviour/misbehave.ts';
import { openEnclaves } from './openEnclaves.ts';
import { startWorker, type WorkerParts } from './startWorker.ts';

const STAKE_MS = 60_000;

await runService('worker', async (log) => {
  const { dataDir, slots, pollMs, misbehaviour, ...config } = readWorkerConfig(process.env);
  const account = accountFromKey(await readKeyFile(config.keyFile));
  const connection = createChain({ rpcUrl: config.rpcUrl, hubAddress: config.hubAddress });
  const { chainId } = await connection.identify(config.chainId === undefined ? {} : { chainId: config.chainId });
  if (misbehaviour !== undefined) assertMayMisbehave(chainId);
  const enclaves = await openEnclaves({ chain: connection, chainId, account, config, log });
  const chain = await createChainPort({ chain: connection, account });
  const freeStake = await chain.putUpStake(config.stakeNano, AbortSignal.timeout(STAKE_MS));
  log.info({ worker: account.address, freeStake: freeStake.toString() }, 'worker.staked');
  const honest: WorkerParts = {
    chain,
    scheduler: createSchedulerClient({ baseUrl: config.schedulerUrl, account, name: config.name, slots, enclaves: enclaves !== undefined }),
    content: await createContentPort({
      gatewayUrl: config.gatewayUrl,
      cacheDir: join(dataDir, 'content'),
      account,
      allowPrivate: isDevelopmentChain(chainId),
    }),
    runner: await createWasiRunner({ cacheDir: join(dataDir, 'metered') }),
    ...(enclaves && { enclaves }),
    clock: { nowMs: () => Date.now() },
    log,
    dataDir,
    slots,
    pollMs,
  };
  if (misbehaviour === undefined) return await startWorker(honest);
  log.warn({ worker: account.address, misbehaviour: formatMisbehaviour(misbehaviour) }, 'worker.misbehaves');
  const die = () => process.kill(process.pid, 'SIGKILL');
  return await startWorker(misbehave(honest, misbehaviour, { market: createMarketView(connection, account.address), die }));
});
