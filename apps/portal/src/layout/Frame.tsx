import type { ReactNode } from 'react';
import { Link } from '../navigation/Link.tsx';
import { usePlace } from '../navigation/usePlace.ts';
import { useNetwork } from '../network/NetworkContext.ts';
import { SearchBox } from './SearchBox.tsx';

const PLACES = [
  { to: '/', name: 'Overview', pages: ['overview'] },
  { to: '/deals', name: 'Deals', pages: ['deals', 'deal', 'task'] },
  { to: '/market', name: 'Market', pages: ['market'] },
  { to: '/accounts', name: 'Account', pages: ['account', 'account-of'] },
] as const;

/** What stands around every page. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { route } = usePlace();
  const { chainId, rpcUrl } = useNetwork();
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <img src="/gleaner.svg" alt="" width="28" height="28" /> Gleaner
        </Link>
        <nav aria-label="Pages">
          <ul>
            {PLACES.map(({ to, name, pages }) => (
              <li key={to}>
                <Link to={to} aria-current={pages.some((page) => page === route.page) ? 'page' : undefined}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <SearchBox />
      </header>
      {children}
      <footer className="bottom">
        Chain {chainId} at {rpcUrl}. Everything here is read from the chain and the services of this network by your browser.
      </footer>
    </>
  );
}
