export type { RunningWorker, WorkerParts } from './startWorker.ts';
export { startWorker } from './startWorker.ts';
