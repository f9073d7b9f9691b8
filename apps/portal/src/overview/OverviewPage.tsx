import { headQuery } from '../chain/headQuery.ts';
import { DealTable } from '../deals/DealTable.tsx';
import { dealsQuery } from '../deals/dealsQuery.ts';
import { NoDeals } from '../deals/NoDeals.tsx';
import { Page } from '../layout/Page.tsx';
import { Panel } from '../layout/Panel.tsx';
import { Link } from '../navigation/Link.tsx';
import { useNetwork } from '../network/NetworkContext.ts';
import { Failure, Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { groupDigits } from '../values/format.ts';
import { Ago } from '../values/Time.tsx';
import { poolQuery } from '../workers/poolQuery.ts';
import { WorkerTable } from '../workers/WorkerTable.tsx';
import { Tile } from './Tile.tsx';

/** At least what the market gives in one page. */
const RECENT = 10;

/** The network at a glance. Each part stands alone: one that does not answer leaves the others standing. */
export function OverviewPage() {
  const { chainId } = useNetwork();
  const head = useReading(headQuery);
  const pool = useReading(poolQuery);
  const deals = useReading(dealsQuery({ at: 0, pageSize: RECENT }));
  const workers = pool.value?.workers ?? [];
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = workers.reduce((sum, worker) => sum + worker.busy, 0);
  return (
    <Page title="Overview">
      {head.failure && <Failure failure={head.failure} title="The chain does not answer" again={head.again} />}
      <div className="tiles">
        <Tile name="Chain" reading={head}>
          {() => <>{chainId}</>}
        </Tile>
        <Tile name="Head block" reading={head} note={({ timestamp }) => <Ago ms={Number(timestamp) * 1000} />}>
          {({ number }) => <>{groupDigits(number.toString())}</>}
        </Tile>
        <Tile name="Workers connected" reading={pool} note={() => `${busy} of ${slots} slots busy`}>
          {() => <>{workers.length}</>}
        </Tile>
        <Tile name="Tasks in queue" reading={pool} note={() => 'waiting or running'}>
          {({ queuedTasks }) => <>{groupDigits(queuedTasks.toString())}</>}
        </Tile>
        <Tile name="Deals" reading={deals} note={() => 'since the network began'}>
          {({ count }) => <>{groupDigits(count.toString())}</>}
        </Tile>
      </div>
      <Panel title="Recent deals" aside={<Link to="/deals">All deals</Link>}>
        <Shown reading={deals} what="the deals">
          {(page) => (page.deals.length === 0 ? <NoDeals /> : <DealTable page={page} />)}
        </Shown>
      </Panel>
      <Panel title="Workers">
        <Shown reading={pool} what="the workers">
          {(status) => <WorkerTable workers={status.workers} />}
        </Shown>
      </Panel>
    </Page>
  );
}
