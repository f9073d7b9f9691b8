import type { DealId } from '@gleaner/primitives';
import { Pager } from '../navigation/Pager.tsx';
import { Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { TaskLink } from '../values/Identifier.tsx';
import { Status } from '../values/Status.tsx';
import { Time } from '../values/Time.tsx';
import { type DealTask, dealTasksQuery, TASKS_PER_PAGE } from './dealTasksQuery.ts';

interface DealTasksPanelProps {
  readonly dealId: DealId;
  readonly first: bigint;
  readonly size: bigint;
  readonly at: number;
}

/** The tasks of a deal, a page at a time. */
export function DealTasksPanel({ dealId, first, size, at }: DealTasksPanelProps) {
  const reading = useReading(dealTasksQuery({ dealId, first, size }, at));
  return (
    <Shown reading={reading} what="the tasks">
      {({ tasks }) => (
        <>
          {tasks.length === 0 ? <p className="empty">There is no such page of tasks.</p> : <TaskTable tasks={tasks} />}
          <Pager name="page" of="tasks" at={at} count={Number(size)} pageSize={TASKS_PER_PAGE} />
        </>
      )}
    </Shown>
  );
}

function TaskTable({ tasks }: { readonly tasks: readonly DealTask[] }) {
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Tasks of the deal</caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              Index
            </th>
            <th scope="col">Task</th>
            <th scope="col">Status on chain</th>
            <th scope="col" className="number">
              Contributions
            </th>
            <th scope="col">Final deadline</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map(({ taskId, index, task }) => (
            <tr key={taskId}>
              <td className="number">{index.toString()}</td>
              <th scope="row">
                <TaskLink of={taskId} />
              </th>
              <td>
                <Status of={task.status} />
              </td>
              <td className="number">{task.contributors.length}</td>
              <td>
                {task.finalDeadline === 0n ? (
                  <span className="quiet">not initialised yet</span>
                ) : (
                  <Time ms={Number(task.finalDeadline) * 1000} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
