import { countOf } from '../values/format.ts';
import { Address } from '../values/Identifier.tsx';
import { Ago } from '../values/Time.tsx';
import type { PoolWorker } from './poolQuery.ts';

/** Workers that are connected now, the best scores first. */
export function WorkerTable({ workers }: { readonly workers: readonly PoolWorker[] }) {
  if (workers.length === 0) return <p className="empty">No worker is connected. Tasks wait until one is.</p>;
  const sorted = workers.toSorted((a, b) => Number(b.score - a.score) || a.name.localeCompare(b.name));
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Connected workers</caption>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">Account</th>
            <th scope="col" className="number">
              Score
            </th>
            <th scope="col">Load</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((worker) => (
            <tr key={worker.walletAddress}>
              <th scope="row">
                {worker.name || 'unnamed'}
                {worker.enclave && <div className="quiet">enclave: {worker.enclave.notice}</div>}
              </th>
              <td>
                <Address of={worker.walletAddress} />
              </td>
              <td className="number">{worker.score.toString()}</td>
              <td>
                <Load busy={worker.busy} slots={worker.slots} />
              </td>
              <td>
                <Ago ms={worker.lastSeenMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Load({ busy, slots }: { readonly busy: number; readonly slots: number }) {
  return (
    <span className="load">
      <meter min={0} max={slots} value={busy} aria-label={`${busy} of ${countOf(slots, 'slot')} busy`} /> {busy} / {slots}
    </span>
  );
}
