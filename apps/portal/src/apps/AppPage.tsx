import type { Address as AddressValue } from '@gleaner/primitives';
import { Facts } from '../layout/Facts.tsx';
import { Missing } from '../layout/Missing.tsx';
import { Page } from '../layout/Page.tsx';
import { Panel } from '../layout/Panel.tsx';
import { Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { Amount } from '../values/Amount.tsx';
import { Address, FullId } from '../values/Identifier.tsx';
import { type AppReading, appQuery } from './appQuery.ts';
import { ProgramFacts } from './ProgramFacts.tsx';
import { RunForm } from './RunForm.tsx';

/** One registered app: whose it is, what it does, what it costs, and how to run it. */
export function AppPage({ app }: { readonly app: AddressValue }) {
  const reading = useReading(appQuery(app));
  return (
    <Page title="App">
      <FullId of={app} what="address" />
      <Shown reading={reading} what="the app">
        {(value) => (
          <>
            <AppFacts {...value} />
            <Program app={app} manifest={value.manifest} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function AppFacts({ info, location, offers }: AppReading) {
  const cheapest = offers.value?.[0];
  return (
    <Facts
      entries={[
        ['Name', info.name],
        ['Owner', <Address key="owner" of={info.owner} />],
        ['Program', <code key="program">{location}</code>],
        ['Checksum', <code key="checksum">{info.checksum}</code>],
        [
          'Price of one run',
          offers.failure ? (
            <Missing key="price" failure={offers.failure} />
          ) : cheapest === undefined ? (
            'not offered now'
          ) : (
            <Amount key="price" nano={cheapest.order.appprice} />
          ),
        ],
      ]}
    />
  );
}

function Program({ app, manifest }: { readonly app: AddressValue; readonly manifest: AppReading['manifest'] }) {
  if (manifest.failure) {
    return (
      <Panel title="What it does">
        <Missing failure={manifest.failure} />
      </Panel>
    );
  }
  if (manifest.value === undefined) {
    return (
      <Panel title="What it does">
        <p className="empty">The program has no manifest, so only its author can say how it is called.</p>
      </Panel>
    );
  }
  return (
    <>
      <Panel title="What it does">
        <ProgramFacts manifest={manifest.value} />
      </Panel>
      <Panel title="Run it">
        <RunForm app={app} manifest={manifest.value} />
      </Panel>
    </>
  );
}
