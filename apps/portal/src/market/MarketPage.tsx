import { Page } from '../layout/Page.tsx';
import { Panel } from '../layout/Panel.tsx';
import { Pager } from '../navigation/Pager.tsx';
import { Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { AppOfferTable } from './AppOfferTable.tsx';
import { appOffersQuery, OFFERS_PER_PAGE, poolOffersQuery } from './offersQuery.ts';
import { PoolOfferTable } from './PoolOfferTable.tsx';

/** What may be bought now. */
export function MarketPage({ pools, apps }: { readonly pools: number; readonly apps: number }) {
  const poolOffers = useReading(poolOffersQuery(pools));
  const appOffers = useReading(appOffersQuery(apps));
  return (
    <Page title="Market">
      <Panel title="Workerpool offers">
        <Shown reading={poolOffers} what="the offers of workerpools">
          {(page) => (
            <>
              {page.offers.length === 0 ? (
                <p className="empty">No workerpool offers to compute at the moment, so nothing can be run.</p>
              ) : (
                <>
                  <p className="quiet">
                    How much of the confidence can be reached depends on the workers that are connected; a run says so before money is
                    locked.
                  </p>
                  <PoolOfferTable page={page} />
                </>
              )}
              <Pager name="pools" of="workerpool offers" at={pools} count={page.count} pageSize={OFFERS_PER_PAGE} />
            </>
          )}
        </Shown>
      </Panel>
      <Panel title="App offers">
        <Shown reading={appOffers} what="the offers of apps">
          {(page) => (
            <>
              {page.offers.length === 0 ? <NoApps /> : <AppOfferTable page={page} />}
              <Pager name="apps" of="app offers" at={apps} count={page.count} pageSize={OFFERS_PER_PAGE} />
            </>
          )}
        </Shown>
      </Panel>
    </Page>
  );
}

function NoApps() {
  return (
    <div className="empty">
      <p>No app is offered at the moment; programs of one's own can be run all the same. To offer one:</p>
      <pre>npx gleaner app publish programs/go-move/go-move.wasm</pre>
    </div>
  );
}
