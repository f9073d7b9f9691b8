import type { OrderRecordOf } from '@gleaner/api';
import { ZERO_ADDRESS } from '@gleaner/primitives';
import { confidenceOf } from '@gleaner/protocol';
import { Amount } from '../values/Amount.tsx';
import { formatConfidence, groupDigits } from '../values/format.ts';
import { Address, Hash } from '../values/Identifier.tsx';
import { Ago } from '../values/Time.tsx';
import type { PoolOffers } from './offersQuery.ts';
import { Remaining } from './Remaining.tsx';
import { Restricted } from './Restricted.tsx';

/** Who offers to compute, at which price and up to which confidence. */
export function PoolOfferTable({ page: { offers, categoryNames } }: { readonly page: PoolOffers }) {
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Open workerpool offers, cheapest first</caption>
        <thead>
          <tr>
            <th scope="col">Workerpool</th>
            <th scope="col">Owner</th>
            <th scope="col">Category</th>
            <th scope="col">Confidence up to</th>
            <th scope="col" className="number">
              Price of one task
            </th>
            <th scope="col" className="number">
              Tasks left
            </th>
            <th scope="col">Published</th>
          </tr>
        </thead>
        <tbody>
          {offers.map((offer) => (
            <tr key={offer.orderHash}>
              <th scope="row">
                <Hash of={offer.order.workerpool} /> <Restricted to={restrictionsOf(offer)} />
              </th>
              <td>
                <Address of={offer.signer} />
              </td>
              <td>{categoryNames.get(offer.order.category) ?? offer.order.category.toString()}</td>
              <td>
                {formatConfidence(confidenceOf(offer.order.trust))}{' '}
                <span className="quiet">trust {groupDigits(offer.order.trust.toString())}</span>
              </td>
              <td className="number">
                <Amount nano={offer.order.workerpoolprice} />
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

function restrictionsOf({ order }: OrderRecordOf<'workerpool'>): string[] {
  const { apprestrict, datasetrestrict, requesterrestrict } = order;
  const parts = [
    ['app', apprestrict],
    ['dataset', datasetrestrict],
    ['requester', requesterrestrict],
  ] as const;
  return parts.filter(([, address]) => address !== ZERO_ADDRESS).map(([name, address]) => `${name} ${address}`);
}
