import { type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { confidenceOf, type Deal, decodeMultiaddr, parseTag } from '@gleaner/protocol';
import { Facts } from '../layout/Facts.tsx';
import { Missing } from '../layout/Missing.tsx';
import { formatConfidence, formatDuration } from '../values/format.ts';
import { Address, Hash } from '../values/Identifier.tsx';
import { Time } from '../values/Time.tsx';
import type { DealReading } from './dealQuery.ts';

/** Who made the deal and on which terms. */
export function DealParties({ reading }: { readonly reading: DealReading }) {
  const { deal, market } = reading;
  return (
    <Facts
      entries={[
        ['Matched', <Time key="time" ms={Number(deal.startTime) * 1000} distance />],
        [
          'Transaction',
          market.value ? <Transaction key="transaction" {...market.value} /> : <Missing key="transaction" failure={market.failure} />,
        ],
        ['Requester', <Address key="requester" of={deal.requester} />],
        ['Paid by', deal.sponsor !== deal.requester && <Address of={deal.sponsor} />],
        ['Beneficiary', deal.beneficiary !== deal.requester && deal.beneficiary !== ZERO_ADDRESS && <Address of={deal.beneficiary} />],
        ['App', <App key="app" {...reading} />],
        ['App owner', <Address key="app-owner" of={deal.app.owner} />],
        ['Dataset', deal.dataset.pointer !== ZERO_ADDRESS && <Hash of={deal.dataset.pointer} />],
        ['Dataset owner', deal.dataset.pointer !== ZERO_ADDRESS && <Address of={deal.dataset.owner} />],
        ['Workerpool', <Pool key="pool" {...reading} />],
        ['Pool owner', <Address key="pool-owner" of={deal.workerpool.owner} />],
        ['Category', <Category key="category" {...reading} />],
        ['Confidence', <Confidence key="confidence" deal={deal} />],
        ['Demands', tagText(deal)],
        ['Callback', deal.callback !== ZERO_ADDRESS && <Hash of={deal.callback} />],
      ]}
    />
  );
}

function Transaction({ transactionHash, blockNumber }: { readonly transactionHash: string; readonly blockNumber: bigint }) {
  return (
    <>
      <Hash of={transactionHash} /> <span className="quiet">in block {blockNumber.toString()}</span>
    </>
  );
}

function App({ deal, app }: DealReading) {
  return (
    <>
      <Hash of={deal.app.pointer} /> {app.value && <strong>{app.value.name}</strong>}
      {app.value && <div className="quiet break">{locationOf(app.value.multiaddr)}</div>}
    </>
  );
}

function Pool({ deal, workerpool }: DealReading) {
  return (
    <>
      <Hash of={deal.workerpool.pointer} /> {workerpool.value && <strong>{workerpool.value.description}</strong>}
    </>
  );
}

function Category({ deal, category }: DealReading) {
  if (category.value === undefined) return <>{deal.category.toString()}</>;
  const { name, workClockTimeRef } = category.value;
  return (
    <>
      {name} <span className="quiet">(one execution may take {formatDuration(Number(workClockTimeRef))})</span>
    </>
  );
}

function Confidence({ deal: { trust } }: { readonly deal: Deal }) {
  const isUnchecked = trust <= 2n;
  return (
    <>
      {isUnchecked ? 'one worker, unchecked' : formatConfidence(confidenceOf(trust))}{' '}
      <span className="quiet">(trust {trust.toString()})</span>
    </>
  );
}

function locationOf(multiaddr: Hex): string {
  try {
    return decodeMultiaddr(multiaddr);
  } catch {
    return multiaddr;
  }
}

function tagText({ tag }: Deal): string | undefined {
  const { names, unknownBits } = parseTag(tag);
  const words = [...names, ...unknownBits.map((bit) => `bit ${bit}`)];
  return words.length === 0 ? undefined : words.join(', ');
}
