import { Page } from '../layout/Page.tsx';
import { Pager } from '../navigation/Pager.tsx';
import { Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { countOf } from '../values/format.ts';
import { DealTable } from './DealTable.tsx';
import { dealsQuery } from './dealsQuery.ts';
import { NoDeals } from './NoDeals.tsx';

const PAGE_SIZE = 20;

/** All deals of the market. */
export function DealsPage({ at }: { readonly at: number }) {
  const reading = useReading(dealsQuery({ at, pageSize: PAGE_SIZE }));
  return (
    <Page title="Deals">
      <Shown reading={reading} what="the deals">
        {(page) => (
          <>
            {page.count === 0 && <NoDeals />}
            {page.count > 0 && <p className="quiet">{countOf(page.count, 'deal')}, newest first</p>}
            {page.deals.length > 0 && <DealTable page={page} />}
            {page.count > 0 && page.deals.length === 0 && <p className="empty">There is no such page of deals.</p>}
            <Pager name="page" of="deals" at={at} count={page.count} pageSize={PAGE_SIZE} />
          </>
        )}
      </Shown>
    </Page>
  );
}
