import type { Address, DealId, TaskId } from '@gleaner/primitives';
import {
  deleteAssets,
  deleteCategories,
  deleteDeals,
  deleteTasks,
  putAssets,
  putCategories,
  putContributions,
  putDeals,
  putTasks,
  type Store,
} from '@gleaner/store';
import { keysOf } from '../events/subjectOf.ts';
import type { Projection, Projections } from './Projection.ts';

type Db = Store['db'];

export async function saveProjections(db: Db, projections: Projections): Promise<void> {
  const tasks = ofKind(projections, 'task');
  await putDeals(
    db,
    ofKind(projections, 'deal').map(({ deal }) => deal),
  );
  await putTasks(
    db,
    tasks.map(({ task }) => task),
  );
  await putContributions(
    db,
    tasks.flatMap(({ contributions }) => contributions),
  );
  await putAssets(
    db,
    ofKind(projections, 'asset').map(({ asset }) => asset),
  );
  await putCategories(
    db,
    ofKind(projections, 'category').map(({ category }) => category),
  );
}

export async function deleteProjections(db: Db, subjects: readonly string[]): Promise<void> {
  await deleteDeals(db, keysOf<DealId>('deal', subjects));
  await deleteTasks(db, keysOf<TaskId>('task', subjects));
  await deleteAssets(db, keysOf<Address>('asset', subjects));
  await deleteCategories(db, keysOf<string>('category', subjects).map(BigInt));
}

const ofKind = <K extends Projection['kind']>(projections: Projections, kind: K) =>
  [...projections.values()].filter((projection): projection is Extract<Projection, { kind: K }> => projection.kind === kind);
