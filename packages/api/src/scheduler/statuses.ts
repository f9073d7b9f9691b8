import { REPLICATE_STATUSES, type ReplicateStatus, TASK_STATES, type TaskState } from '@gleaner/protocol';
import { z } from 'zod';

/** Words that clients of the classic scheduler know for our states of a task. */
const TASK_WORDS = {
  received: 'RECEIVED',
  initializing: 'INITIALIZING',
  running: 'RUNNING',
  revealing: 'CONSENSUS_REACHED',
  uploading: 'RESULT_UPLOADING',
  finalizing: 'FINALIZING',
  reopening: 'REOPENING',
  completed: 'COMPLETED',
  refunding: 'RUNNING_FAILED',
  failed: 'FAILED',
} as const satisfies Record<TaskState, string>;

/** The same for a replicate. */
const REPLICATE_WORDS = {
  offered: 'CREATED',
  accepted: 'STARTED',
  downloading: 'APP_DOWNLOADING',
  computing: 'COMPUTING',
  computed: 'COMPUTED',
  contributing: 'CONTRIBUTING',
  contributed: 'CONTRIBUTED',
  revealing: 'REVEALING',
  revealed: 'REVEALED',
  uploading: 'RESULT_UPLOADING',
  uploaded: 'RESULT_UPLOADED',
  completed: 'COMPLETED',
  failed: 'FAILED',
  lost: 'WORKER_LOST',
  aborted: 'ABORTED',
} as const satisfies Record<ReplicateStatus, string>;

function wordOf<S extends string>(states: readonly S[], words: Readonly<Record<S, string>>) {
  const stateOf = new Map(states.map((state) => [words[state], state]));
  return z.codec(z.enum([...stateOf.keys()]), z.enum(states as [S, ...S[]]), {
    decode: (word) => stateOf.get(word) as S,
    encode: (state) => words[state],
  });
}

/** State of a task in the pool; on the wire in the words of the classic scheduler. */
export const taskStatus = wordOf<TaskState>(TASK_STATES, TASK_WORDS);

/** Status of a replicate; on the wire in the words of the classic scheduler. */
export const replicateStatus = wordOf<ReplicateStatus>(REPLICATE_STATUSES, REPLICATE_WORDS);
