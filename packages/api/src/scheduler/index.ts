export type { ServedDeals, ServingTodo } from './pools.ts';
export { listWorkerpools, serveWorkerpool } from './pools.ts';
export type { Assignment, Directive, ReplicateReport } from './replicates.ts';
export {
  assignment,
  authorizeEnclave,
  directive,
  executionLimits,
  MAX_FAILURE_CHARS,
  nextWork,
  replicateReport,
  reportReplicate,
} from './replicates.ts';
export type { PoolTaskView, ReplicateView } from './tasks.ts';
export {
  findWorkerpoolApi,
  getPoolTask,
  getTaskLogs,
  getTaskLogsChallenge,
  getWorkerpoolStatus,
  replicateView,
  taskView,
} from './tasks.ts';
export { pingWorker, registerWorker, workerChallenge, workerLogin } from './workers.ts';
