import { join } from 'node:path';
import { toGleanerError } from '@gleaner/primitives';
import { up } from '../../src/supervise/up.ts';

/** Runs a network until SIGTERM: up.ts <data folder> <workers>. */
const [dataDir = '', workers = '1'] = process.argv.slice(2);
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());
try {
  const network = await up({
    dataDir,
    workers: Number(workers),
    blockTimeSec: 0.1,
    services: [],
    workerSpec: { entry: join(import.meta.dirname, 'part.ts') },
    ports: { chain: 0 },
    signal: abort.signal,
    onProgress: (progress) => console.log(JSON.stringify(progress)),
  });
  process.once('SIGTERM', () => void network.close().then(() => process.exit(0)));
  console.log(JSON.stringify({ ready: true, url: network.network.rpcUrl }));
} catch (error) {
  console.log(JSON.stringify(toGleanerError(error).toBody()));
  process.exit(1);
}
