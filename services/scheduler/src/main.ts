import { runService } from '@gleaner/api/server';
import { createChain } from '@gleaner/chain';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { startLedger } from '@gleaner/ledger';
import { openStore } from '@gleaner/store';
import { readSchedulerConfig } from './config.ts';
import { startScheduler } from './startScheduler.ts';

const LEDGER_START_MS = 30_000;

await runService('scheduler', async (log) => {
  const { keyFile, databaseUrl, network, ...config } = readSchedulerConfig(process.env);
  const account = accountFromKey(await readKeyFile(keyFile));
  const store = await openStore({ url: databaseUrl, maxConnections: 3 });
  const ledger = startLedger({ chain: createChain({ rpcUrl: network.rpcUrl, hubAddress: network.hubAddress }), store, log });
  await ledger.waitForBlock(0n, AbortSignal.timeout(LEDGER_START_MS));
  const { url, close } = await startScheduler({ ...config, secretsUrl: network.services.smsURL, network, account, databaseUrl, log });
  return {
    url,
    close: async () => {
      await Promise.all([close(), ledger.close()]);
      await store.close();
    },
  };
});
