import type { MarketDeal } from '@gleaner/api';
import { AppName } from '../assets/AppName.tsx';
import { Amount } from '../values/Amount.tsx';
import { groupDigits } from '../values/format.ts';
import { Address, DealLink } from '../values/Identifier.tsx';
import { Ago } from '../values/Time.tsx';
import type { DealPage } from './dealsQuery.ts';

/** Deals with their sizes and prices. */
export function DealTable({ page: { deals, appNames } }: { readonly page: DealPage }) {
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Deals, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Deal</th>
            <th scope="col">Matched</th>
            <th scope="col">App</th>
            <th scope="col">Requester</th>
            <th scope="col" className="number">
              Tasks
            </th>
            <th scope="col" className="number">
              Price of one
            </th>
            <th scope="col" className="number">
              Total
            </th>
          </tr>
        </thead>
        <tbody>
          {deals.map((deal) => (
            <tr key={deal.dealid}>
              <th scope="row">
                <DealLink of={deal.dealid} />
              </th>
              <td>
                <Ago ms={Number(deal.startTime) * 1000} />
              </td>
              <td>
                <AppName app={deal.app.pointer} name={appNames.get(deal.app.pointer)} />
              </td>
              <td>
                <Address of={deal.requester} />
              </td>
              <td className="number">{groupDigits(deal.botSize.toString())}</td>
              <td className="number">
                <Amount nano={priceOf(deal)} />
              </td>
              <td className="number">
                <Amount nano={priceOf(deal) * deal.botSize} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function priceOf({ app, dataset, workerpool }: MarketDeal): bigint {
  return app.price + dataset.price + workerpool.price;
}
