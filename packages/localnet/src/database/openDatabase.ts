import { access, rename, rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { type ErrorBody, GleanerError } from '@gleaner/primitives';
import { openStore, type Store } from '@gleaner/store';
import { fileError, isMissing } from '../files/fileErrors.ts';
import { copyBlankDatabase, dropBlankDatabase, keepBlankDatabase } from './blankDatabase.ts';

/**
 * Opens the embedded database of a folder. The first time it is a copy of one that an earlier start kept, or else is made.
 * @throws {GleanerError} data-unreadable, data-corrupt, disk-full
 */
export async function openDatabase(folder: string): Promise<Store> {
  if (await exists(folder)) return openStore({ dataDir: folder });
  if (await copyInto(folder)) {
    try {
      return await openStore({ dataDir: folder });
    } catch {
      await dropBlankDatabase();
      await rm(folder, { recursive: true, force: true });
    }
  }
  await makeInto(folder);
  return openStore({ dataDir: folder });
}

async function copyInto(folder: string): Promise<boolean> {
  const draft = `${folder}.draft`;
  if (!(await copyBlankDatabase(draft))) return false;
  await rename(draft, folder);
  return true;
}

/** In a thread of its own, because it computes for seconds during which the chain must be served, and under another name until it is complete. */
async function makeInto(folder: string): Promise<void> {
  const draft = `${folder}.draft`;
  try {
    await rm(draft, { recursive: true, force: true });
    await makeInThread(draft);
    await keepBlankDatabase(draft);
    await rename(draft, folder);
  } catch (error) {
    throw fileError(error, folder);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw fileError(error, path);
  }
}

/** What the thread tells when it ends. */
export type MakingReport = { readonly ok: true } | ErrorBody;

function makeInThread(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./makeDatabase.ts', import.meta.url), { workerData: folder });
    worker.once('message', (report: MakingReport) => {
      if (report.ok) resolve();
      else reject(new GleanerError(report.code, report.error));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new GleanerError('network-start-failed', 'The thread that makes the database ended early')));
  });
}
