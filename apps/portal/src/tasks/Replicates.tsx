import type { ReplicateView } from '@gleaner/api';
import type { Address } from '@gleaner/primitives';
import { Status } from '../values/Status.tsx';
import { WorkerName } from './WorkerName.tsx';

interface ReplicatesProps {
  readonly replicates: readonly ReplicateView[];
  readonly names: ReadonlyMap<Address, string>;
}

/** Every worker that was asked, what it did and when. */
export function Replicates({ replicates, names }: ReplicatesProps) {
  if (replicates.length === 0) return <p className="empty">No worker has been asked yet.</p>;
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Workers on this task</caption>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">Status</th>
            <th scope="col">Steps, seconds after the offer</th>
          </tr>
        </thead>
        <tbody>
          {replicates.map((replicate) => (
            <tr key={replicate.walletAddress}>
              <th scope="row">
                <WorkerName of={replicate.walletAddress} names={names} />
              </th>
              <td>
                <Status of={replicate.currentStatus} />
              </td>
              <td>
                <Steps updates={replicate.statusUpdateList} />
                {replicate.failure && <ReplicateFailure {...replicate.failure} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Steps({ updates }: { readonly updates: ReplicateView['statusUpdateList'] }) {
  const [first] = updates;
  if (first === undefined) return <span className="quiet">none yet</span>;
  return (
    <ol className="steps">
      {updates.map(({ date, status }) => (
        <li key={status}>
          {status} <span className="quiet">{((date - first.date) / 1000).toFixed(1)}</span>
        </li>
      ))}
    </ol>
  );
}

/** What to do about it is said once, for the task. */
function ReplicateFailure({ code, message }: { readonly code: string; readonly message: string }) {
  return (
    <p className="failure">
      {message} <code>{code}</code>
    </p>
  );
}
