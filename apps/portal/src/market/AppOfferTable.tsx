import type { OrderRecordOf } from '@gleaner/api';
import { ZERO_ADDRESS } from '@gleaner/primitives';
import { AppName } from '../assets/AppName.tsx';
import { Amount } from '../values/Amount.tsx';
import { Address, Hash } from '../values/Identifier.tsx';
import { Ago } from '../values/Time.tsx';
import type { AppOffers } from './offersQuery.ts';
import { Remaining } from './Remaining.tsx';
import { Restricted } from './Restricted.tsx';

/** Which programs are offered, at which price. */
export function AppOfferTable({ page: { offers, appNames } }: { readonly page: AppOffers }) {
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Open app offers, cheapest first</caption>
        <thead>
          <tr>
            <th scope="col">App</th>
            <th scope="col">Address</th>
            <th scope="col">Owner</th>
            <th scope="col" className="number">
              Price of one run
            </th>
            <th scope="col" className="number">
              Runs left
            </th>
            <th scope="col">Published</th>
          </tr>
        </thead>
        <tbody>
          {offers.map((offer) => (
            <tr key={offer.orderHash}>
              <th scope="row">
                <AppName app={offer.order.app} name={appNames.get(offer.order.app)} /> <Restricted to={restrictionsOf(offer)} />
              </th>
              <td>
                <Hash of={offer.order.app} />
              </td>
              <td>
                <Address of={offer.signer} />
              </td>
              <td className="number">
                <Amount nano={offer.order.appprice} />
              </td>
              <Remaining tasks={offer.remaining} />
              <td>
                <Ago ms={offer.publicationTimestamp} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function restrictionsOf({ order }: OrderRecordOf<'app'>): string[] {
  const { datasetrestrict, workerpoolrestrict, requesterrestrict } = order;
  const parts = [
    ['dataset', datasetrestrict],
    ['workerpool', workerpoolrestrict],
    ['requester', requesterrestrict],
  ] as const;
  return parts.filter(([, address]) => address !== ZERO_ADDRESS).map(([name, address]) => `${name} ${address}`);
}
