import type { TaskId } from '@gleaner/primitives';
import { Page } from '../layout/Page.tsx';
import { Panel } from '../layout/Panel.tsx';
import { Failure, Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { FullId } from '../values/Identifier.tsx';
import { Status } from '../values/Status.tsx';
import { Contributions } from './Contributions.tsx';
import { Payouts } from './Payouts.tsx';
import { Replicates } from './Replicates.tsx';
import { TaskSummary } from './TaskSummary.tsx';
import { TaskTimeline } from './TaskTimeline.tsx';
import { currentState, type TaskReading, taskQuery } from './taskQuery.ts';

/** One task: how it went, who worked on it, what came out, and who was paid. */
export function TaskPage({ taskId }: { readonly taskId: TaskId }) {
  const reading = useReading(taskQuery(taskId));
  const { value } = reading;
  return (
    <Page title="Task" aside={value && <Status of={currentState(value)} />}>
      <FullId of={taskId} what="task id" />
      <Shown reading={reading} what="the task">
        {(task) => <TaskPanels task={task} />}
      </Shown>
    </Page>
  );
}

function TaskPanels({ task }: { readonly task: TaskReading }) {
  const { chain, pool, workerNames } = task;
  return (
    <>
      <TaskSummary task={task} />
      {pool.failure && (
        <Failure failure={pool.failure} title="The pool does not say more about this task; what follows is from the chain" />
      )}
      <div className="columns">
        <Panel title="Timeline">
          <TaskTimeline task={task} />
        </Panel>
        <Panel title="Payouts">
          <Payouts task={task} />
        </Panel>
      </div>
      {pool.value && (
        <Panel title="Workers">
          <Replicates replicates={pool.value.replicates} names={workerNames} />
        </Panel>
      )}
      <Panel title="Contributions on chain">
        <Contributions chain={chain} names={workerNames} />
      </Panel>
      {pool.value && (
        <Panel title="What the program printed">
          <p>
            The requester reads it with <code>gleaner task logs {task.taskId}</code>; it is kept for three days.
          </p>
        </Panel>
      )}
    </>
  );
}
