import type { TaskId } from '@gleaner/primitives';
import { listAssetsAt, listContributions, listEventsOf, listTasks, type Store } from '@gleaner/store';
import { fromEventRow } from '../events/eventRows.ts';
import { keysOf } from '../events/subjectOf.ts';
import { foldEvents } from './applyEvent.ts';
import type { Projection, Projections } from './Projection.ts';

type Db = Store['db'];

/** The projections of the subjects as they are stored. Deals and categories have one event only: nothing of them needs loading. */
export async function loadProjections(db: Db, subjects: readonly string[]): Promise<Projections> {
  const taskIds = keysOf<TaskId>('task', subjects);
  const [tasks, contributions, assets] = [
    await listTasks(db, taskIds),
    Map.groupBy(await listContributions(db, taskIds), ({ taskId }) => taskId),
    await listAssetsAt(db, keysOf('asset', subjects)),
  ];
  const projections = new Map<string, Projection>();
  for (const task of tasks) {
    projections.set(`task:${task.taskId}`, { kind: 'task', task, contributions: contributions.get(task.taskId) ?? [] });
  }
  for (const asset of assets) projections.set(`asset:${asset.address}`, { kind: 'asset', asset });
  return projections;
}

/** The projections of the subjects folded anew from all their stored events. */
export async function refoldProjections(db: Db, subjects: readonly string[]): Promise<Projections> {
  return foldEvents(new Map(), (await listEventsOf(db, subjects)).map(fromEventRow));
}
