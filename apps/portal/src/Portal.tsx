import type { ReactNode } from 'react';
import { AccountOfPage, AccountPage } from './account/AccountPages.tsx';
import { AppPage } from './apps/AppPage.tsx';
import { DealPage } from './deals/DealPage.tsx';
import { DealsPage } from './deals/DealsPage.tsx';
import { FindPage } from './find/FindPage.tsx';
import { ErrorBoundary } from './layout/ErrorBoundary.tsx';
import { Frame } from './layout/Frame.tsx';
import { NotFoundPage } from './layout/NotFoundPage.tsx';
import { MarketPage } from './market/MarketPage.tsx';
import type { Route } from './navigation/route.ts';
import { usePlace } from './navigation/usePlace.ts';
import { NetworkProvider } from './network/NetworkProvider.tsx';
import { OverviewPage } from './overview/OverviewPage.tsx';
import { TaskPage } from './tasks/TaskPage.tsx';

/** The whole portal. A page of another deal, task or account is another page, so nothing of the former stays in sight. */
export function Portal() {
  const { route, pathname } = usePlace();
  return (
    <NetworkProvider>
      <Frame>
        <ErrorBoundary key={pathname}>{pageOf(route)}</ErrorBoundary>
      </Frame>
    </NetworkProvider>
  );
}

function pageOf(route: Route): ReactNode {
  switch (route.page) {
    case 'overview':
      return <OverviewPage />;
    case 'deals':
      return <DealsPage at={route.at} />;
    case 'deal':
      return <DealPage dealId={route.dealId} at={route.at} />;
    case 'task':
      return <TaskPage taskId={route.taskId} />;
    case 'market':
      return <MarketPage pools={route.pools} apps={route.apps} />;
    case 'app':
      return <AppPage app={route.app} />;
    case 'account':
      return <AccountPage />;
    case 'account-of':
      return <AccountOfPage address={route.address} at={route.at} />;
    case 'find':
      return <FindPage text={route.text} />;
    case 'not-found':
      return <NotFoundPage />;
  }
}
