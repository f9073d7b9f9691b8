import { runService } from '@gleaner/api/server';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { readConfig } from './config.ts';
import { startKeeper } from './startKeeper.ts';

await runService('keeper', async (log) => {
  const { databaseUrl, keyFile, ...config } = readConfig(process.env);
  const account = accountFromKey(await readKeyFile(keyFile));
  return await startKeeper({ ...config, account, store: { url: databaseUrl }, withLedger: true, log });
});
