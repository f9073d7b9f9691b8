import { assertNever } from '@gleaner/primitives';
import type { ChainTaskView, TaskView } from './TaskView.ts';

/** States of a task in the pool; `completed` and `failed` are final. */
export const TASK_STATES = [
  'received',
  'initializing',
  'running',
  'revealing',
  'uploading',
  'finalizing',
  'reopening',
  'completed',
  'refunding',
  'failed',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

type Revealing = Extract<ChainTaskView, { status: 'revealing' }>;

/** Whether the chain would accept `finalize` now: all winners revealed, or the reveal deadline passed and one did. */
export function isFinalizable({ revealCounter, winnerCounter, revealDeadline }: Revealing, view: TaskView): boolean {
  return revealCounter > 0n && (revealCounter === winnerCounter || view.head >= revealDeadline);
}

/** Whether the reveal deadline passed and nobody revealed. */
export function isUnrevealed({ revealCounter, revealDeadline }: Revealing, view: TaskView): boolean {
  return revealCounter === 0n && view.head >= revealDeadline;
}

/** The one state that the view stands for. */
export function taskState(view: TaskView): TaskState {
  const { chain } = view;
  if (chain.status === 'completed' || chain.status === 'failed') return chain.status;
  if (view.givenUp !== undefined || view.head >= view.finalDeadline) return 'refunding';
  switch (chain.status) {
    case 'unset':
      return view.inFlight.includes('initialize') ? 'initializing' : 'received';
    case 'active':
      return 'running';
    case 'revealing':
      return revealingState(chain, view);
    default:
      return assertNever(chain);
  }
}

function revealingState(chain: Revealing, view: TaskView): TaskState {
  if (isUnrevealed(chain, view)) return 'reopening';
  if (!isFinalizable(chain, view)) return 'revealing';
  return view.archive?.verified === true ? 'finalizing' : 'uploading';
}
