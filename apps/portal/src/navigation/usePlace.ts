import { useMemo, useSyncExternalStore } from 'react';
import { parseRoute, type Route } from './route.ts';

const MOVED = 'portal:moved';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(MOVED, listener);
  };
}

/** Goes to another page of the portal without loading it anew. */
export function navigate(path: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  window.dispatchEvent(new Event(MOVED));
}

export interface Place {
  readonly route: Route;
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** Where the browser is. */
export function usePlace(): Place {
  const href = useSyncExternalStore(subscribe, () => window.location.href);
  return useMemo(() => {
    const { pathname, searchParams } = new URL(href);
    return { route: parseRoute(pathname, searchParams), pathname, query: searchParams };
  }, [href]);
}
