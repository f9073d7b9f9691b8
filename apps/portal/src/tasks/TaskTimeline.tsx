import { Time } from '../values/Time.tsx';
import { taskEvents } from './taskEvents.ts';
import type { TaskReading } from './taskQuery.ts';

/** What chain and pool say happened, in order. */
export function TaskTimeline({ task }: { readonly task: TaskReading }) {
  return (
    <ol className="timeline">
      {taskEvents(task).map(({ ms, what, source }) => (
        <li key={`${source} ${what} ${ms}`} className={source}>
          <span className="what">{what}</span> <span className="source">{source}</span> <Time ms={ms} />
        </li>
      ))}
    </ol>
  );
}
