import { address as addressField } from '@gleaner/api';
import type { Address, DealId, TaskId } from '@gleaner/primitives';

/** A page of the portal with what it shows; list positions count from 0. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'deals'; readonly at: number }
  | { readonly page: 'deal'; readonly dealId: DealId; readonly at: number }
  | { readonly page: 'task'; readonly taskId: TaskId }
  | { readonly page: 'market'; readonly pools: number; readonly apps: number }
  | { readonly page: 'app'; readonly app: Address }
  | { readonly page: 'account' }
  | { readonly page: 'account-of'; readonly address: Address; readonly at: number }
  | { readonly page: 'find'; readonly text: string }
  | { readonly page: 'not-found' };

const ID = /^0x[0-9a-fA-F]{64}$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** The page behind a path and a query; the server and the browser agree by this one function. */
export function parseRoute(pathname: string, query: URLSearchParams): Route {
  const [noun = '', id, ...rest] = pathname.replace(/^\/|\/$/g, '').split('/');
  if (rest.length > 0) return { page: 'not-found' };
  const at = position(query, 'page');
  if (id === undefined) return parseNoun(noun, query, at);
  if (noun === 'deals' && ID.test(id)) return { page: 'deal', dealId: id.toLowerCase() as DealId, at };
  if (noun === 'tasks' && ID.test(id)) return { page: 'task', taskId: id.toLowerCase() as TaskId };
  if (noun === 'apps' && ADDRESS.test(id)) return { page: 'app', app: addressField.parse(id) };
  if (noun === 'accounts' && ADDRESS.test(id)) return { page: 'account-of', address: addressField.parse(id), at };
  return { page: 'not-found' };
}

function parseNoun(noun: string, query: URLSearchParams, at: number): Route {
  if (noun === '') return { page: 'overview' };
  if (noun === 'deals') return { page: 'deals', at };
  if (noun === 'market') return { page: 'market', pools: position(query, 'pools'), apps: position(query, 'apps') };
  if (noun === 'accounts') return { page: 'account' };
  if (noun === 'find') return { page: 'find', text: (query.get('q') ?? '').trim() };
  return { page: 'not-found' };
}

/** People count pages from 1. */
function position(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) - 1 : 0;
}

/** Where a text from the search box leads, or undefined when it is neither an address nor an id. */
export function pathOf(text: string): string | undefined {
  const value = text.trim();
  if (ADDRESS.test(value)) return accountPath(value as Address);
  return ID.test(value) ? `/find?q=${value}` : undefined;
}

export const dealPath = (dealId: DealId): string => `/deals/${dealId}`;
export const taskPath = (taskId: TaskId): string => `/tasks/${taskId}`;
export const appPath = (app: Address): string => `/apps/${app}`;
export const accountPath = (address: Address): string => `/accounts/${address}`;

/** A path with the position of one list in its query; the first page needs none. */
export function withPosition(path: string, query: URLSearchParams, name: string, at: number): string {
  const next = new URLSearchParams(query);
  if (at === 0) next.delete(name);
  else next.set(name, String(at + 1));
  const text = next.toString();
  return text === '' ? path : `${path}?${text}`;
}
