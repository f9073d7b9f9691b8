import type { Address } from '@gleaner/primitives';
import { DealTable } from '../deals/DealTable.tsx';
import { dealsQuery } from '../deals/dealsQuery.ts';
import { Facts } from '../layout/Facts.tsx';
import { Page } from '../layout/Page.tsx';
import { Panel } from '../layout/Panel.tsx';
import { Pager } from '../navigation/Pager.tsx';
import { Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { Amount, Coin } from '../values/Amount.tsx';
import { countOf } from '../values/format.ts';
import { FullId } from '../values/Identifier.tsx';
import { AccountForm } from './AccountForm.tsx';
import { accountQuery } from './accountQuery.ts';

const PAGE_SIZE = 10;

/** Asks whose account to show. */
export function AccountPage() {
  return (
    <Page title="Account">
      <p>Balances of any account are public on the chain. No key is needed to look, and this portal never asks for one.</p>
      <AccountForm />
    </Page>
  );
}

/** What an account has, what it has at stake, and what it had run. */
export function AccountOfPage({ address, at }: { readonly address: Address; readonly at: number }) {
  const account = useReading(accountQuery(address));
  return (
    <Page title="Account">
      <FullId of={address} what="address" />
      <Shown reading={account} what="the account">
        {({ wallet, escrowFree, escrowLocked, gas, score }) => (
          <Facts
            entries={[
              ['Wallet', <Amount key="wallet" nano={wallet} />],
              ['Escrow, free', <Amount key="free" nano={escrowFree} />],
              ['Escrow, locked in deals', <Amount key="locked" nano={escrowLocked} />],
              ['For gas', <Coin key="gas" wei={gas} />],
              ['Score as a worker', `${countOf(score, 'consensus', 'consensuses')} won`],
            ]}
          />
        )}
      </Shown>
      <Panel title="Deals it requested">
        <RequestedDeals address={address} at={at} />
      </Panel>
    </Page>
  );
}

function RequestedDeals({ address, at }: { readonly address: Address; readonly at: number }) {
  const deals = useReading(dealsQuery({ at, pageSize: PAGE_SIZE, requester: address }));
  return (
    <Shown reading={deals} what="its deals">
      {(page) => (
        <>
          {page.deals.length === 0 ? (
            <p className="empty">{page.count === 0 ? 'None.' : 'There is no such page of deals.'}</p>
          ) : (
            <DealTable page={page} />
          )}
          <Pager name="page" of="deals" at={at} count={page.count} pageSize={PAGE_SIZE} />
        </>
      )}
    </Shown>
  );
}
