import { parentPort, workerData } from 'node:worker_threads';
import { toGleanerError } from '@gleaner/primitives';
import { openStore } from '@gleaner/store';
import type { MakingReport } from './openDatabase.ts';

/** Thread that makes an embedded database in the folder it is given, migrations included. */
async function makeDatabase(folder: string): Promise<MakingReport> {
  try {
    const store = await openStore({ dataDir: folder });
    await store.close();
    return { ok: true };
  } catch (error) {
    return toGleanerError(error).toBody();
  }
}

parentPort?.postMessage(await makeDatabase(String(workerData)));
