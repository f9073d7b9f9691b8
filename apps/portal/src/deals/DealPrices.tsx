import type { Deal } from '@gleaner/protocol';
import { Amount } from '../values/Amount.tsx';
import { countOf } from '../values/format.ts';

/** What one task costs, what all of them cost, and what the workers stake. */
export function DealPrices({ deal }: { readonly deal: Deal }) {
  const { app, dataset, workerpool, botSize, workerStake } = deal;
  const parts = [
    ['App', app.price],
    ['Dataset', dataset.price],
    ['Workerpool', workerpool.price],
  ] as const;
  const price = app.price + dataset.price + workerpool.price;
  return (
    <div className="scroll">
      <table className="prices">
        <caption className="hidden">Prices</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" className="number">
              One task
            </th>
            <th scope="col" className="number">
              {countOf(botSize, 'task')}
            </th>
          </tr>
        </thead>
        <tbody>
          {parts
            .filter(([name, amount]) => name !== 'Dataset' || amount > 0n)
            .map(([name, amount]) => (
              <PriceRow key={name} name={name} amount={amount} tasks={botSize} />
            ))}
        </tbody>
        <tfoot>
          <PriceRow name="Total" amount={price} tasks={botSize} />
          <tr>
            <th scope="row">Stake of each worker</th>
            <td className="number">
              <Amount nano={workerStake} />
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function PriceRow({ name, amount, tasks }: { readonly name: string; readonly amount: bigint; readonly tasks: bigint }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">
        <Amount nano={amount} />
      </td>
      <td className="number">
        <Amount nano={amount * tasks} />
      </td>
    </tr>
  );
}
