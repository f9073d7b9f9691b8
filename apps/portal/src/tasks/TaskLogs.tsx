import type { Address, TaskId } from '@gleaner/primitives';
import { getTaskLogs } from '@gleaner/sdk';
import { useState } from 'react';
import { Shown } from '../reading/Shown.tsx';
import { type Query, useReading } from '../reading/useReading.ts';
import { WorkerName } from './WorkerName.tsx';

interface TaskLogsProps {
  readonly taskId: TaskId;
  readonly schedulerUrl: string;
  readonly names: ReadonlyMap<Address, string>;
  readonly isEnded: boolean;
}

type Logs = Awaited<ReturnType<typeof getTaskLogs>>['computeLogsList'];

/** Output of the program on each worker, fetched when it is asked for. */
export function TaskLogs(props: TaskLogsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Standard output and errors, as the workers reported them</summary>
      {isOpen && <OpenLogs {...props} />}
    </details>
  );
}

function OpenLogs({ taskId, schedulerUrl, names, isEnded }: TaskLogsProps) {
  const query: Query<Logs> = {
    key: `logs ${taskId} ${isEnded}`,
    read: async (gleaner) => (await getTaskLogs(gleaner, schedulerUrl, taskId)).computeLogsList,
    isFinal: () => isEnded,
  };
  const reading = useReading(query);
  return (
    <Shown reading={reading} what="the output">
      {(logs) =>
        logs.length === 0 ? (
          <p className="empty">No worker has reported any.</p>
        ) : (
          logs.map((log) => <Log key={log.walletAddress} log={log} names={names} />)
        )
      }
    </Shown>
  );
}

function Log({ log: { walletAddress, stdout, stderr }, names }: { readonly log: Logs[number]; readonly names: TaskLogsProps['names'] }) {
  return (
    <article className="log">
      <h3>
        <WorkerName of={walletAddress} names={names} />
      </h3>
      {stdout === '' && stderr === '' && <p className="quiet">nothing printed</p>}
      {stdout !== '' && <pre>{stdout}</pre>}
      {stderr !== '' && <pre className="stderr">{stderr}</pre>}
    </article>
  );
}
