import type { DealId } from '@gleaner/primitives';
import { Page } from '../layout/Page.tsx';
import { Panel } from '../layout/Panel.tsx';
import { Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { countOf } from '../values/format.ts';
import { FullId } from '../values/Identifier.tsx';
import { DealParties } from './DealParties.tsx';
import { DealPrices } from './DealPrices.tsx';
import { DealTasksPanel } from './DealTasksPanel.tsx';
import { dealQuery } from './dealQuery.ts';
import { RunParams } from './RunParams.tsx';

/** One deal: who, for how much, what is run, and how far its tasks are. */
export function DealPage({ dealId, at }: { readonly dealId: DealId; readonly at: number }) {
  const reading = useReading(dealQuery(dealId));
  return (
    <Page title="Deal">
      <FullId of={dealId} what="deal id" />
      <Shown reading={reading} what="the deal">
        {(value) => (
          <>
            <Panel title="Tasks" aside={<span className="quiet">{countOf(value.deal.botSize, 'task')}</span>}>
              <DealTasksPanel dealId={dealId} first={value.deal.botFirst} size={value.deal.botSize} at={at} />
            </Panel>
            <Panel title="Parties and terms">
              <DealParties reading={value} />
            </Panel>
            <Panel title="Prices">
              <DealPrices deal={value.deal} />
            </Panel>
            <Panel title="What is run">
              <RunParams text={value.deal.params} />
            </Panel>
          </>
        )}
      </Shown>
    </Page>
  );
}
