import type { Payout } from '@gleaner/sdk';
import { Amount } from '../values/Amount.tsx';
import { Address } from '../values/Identifier.tsx';
import type { TaskReading } from './taskQuery.ts';
import { WorkerName } from './WorkerName.tsx';

/** Who got what and who lost what when the task ended, as the events of the hub say. */
export function Payouts({ task: { chain, workerNames } }: { readonly task: TaskReading }) {
  if (chain?.times.ended === undefined) return <p className="empty">Nobody is paid before the task ends.</p>;
  if (chain.payouts.length === 0)
    return <p className="empty">{chain.status === 'failed' ? 'Nobody was paid; the price went back to the payer.' : 'No money moved.'}</p>;
  const lost = chain.payouts.some(({ seized }) => seized > 0n);
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Payouts</caption>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Role</th>
            <th scope="col" className="number">
              Received
            </th>
            {lost && (
              <th scope="col" className="number">
                Paid or lost
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {chain.payouts.map((payout) => (
            <tr key={payout.account}>
              <th scope="row">
                {payout.roles.includes('worker') ? <WorkerName of={payout.account} names={workerNames} /> : <Address of={payout.account} />}
              </th>
              <td>{payout.roles.join(', ')}</td>
              <Sum nano={payout.rewarded} />
              {lost && <Sum nano={payout.seized} />}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Sum</th>
            <td />
            <Sum nano={sumOf(chain.payouts, 'rewarded')} />
            {lost && <Sum nano={sumOf(chain.payouts, 'seized')} />}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Sum({ nano }: { readonly nano: bigint }) {
  return (
    <td className="number">
      <Amount nano={nano} />
    </td>
  );
}

function sumOf(payouts: readonly Payout[], kind: 'rewarded' | 'seized'): bigint {
  return payouts.reduce((sum, payout) => sum + payout[kind], 0n);
}
