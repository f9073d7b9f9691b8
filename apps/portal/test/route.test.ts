import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRoute, pathOf, withPosition } from '../src/navigation/route.ts';

const id = `0x${'Ab'.repeat(32)}`;
const address = '0x748FACFbF72b664c4CaD2757f13fE3f5ff34f943';
const route = (path: string) => {
  const { pathname, searchParams } = new URL(path, 'http://portal');
  return parseRoute(pathname, searchParams);
};

describe('routes', () => {
  test.each([
    ['/', { page: 'overview' }],
    ['/deals', { page: 'deals', at: 0 }],
    ['/deals?page=3', { page: 'deals', at: 2 }],
    ['/deals?page=0', { page: 'deals', at: 0 }],
    ['/deals?page=1e9', { page: 'deals', at: 0 }],
    [`/deals/${id}`, { page: 'deal', dealId: id.toLowerCase(), at: 0 }],
    [`/tasks/${id}`, { page: 'task', taskId: id.toLowerCase() }],
    [`/accounts/${address.toLowerCase()}`, { page: 'account-of', address, at: 0 }],
    [`/apps/${address.toLowerCase()}`, { page: 'app', app: address }],
    ['/accounts', { page: 'account' }],
    ['/market?pools=2', { page: 'market', pools: 1, apps: 0 }],
    [`/find?q=+${id}`, { page: 'find', text: id }],
    ['/tasks', { page: 'not-found' }],
    ['/deals/0x12', { page: 'not-found' }],
    [`/deals/${id}/more`, { page: 'not-found' }],
    ['/__proto__', { page: 'not-found' }],
  ])('%s', (path, expected) => expect(route(path)).toEqual(expected));

  test('every text leads to some page', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, query) => typeof parseRoute(`/${path}`, new URLSearchParams(query)).page === 'string'),
    );
  });

  test('what is typed into the search box', () => {
    expect(pathOf(` ${address} `)).toBe(`/accounts/${address}`);
    expect(pathOf(id)).toBe(`/find?q=${id}`);
    expect(pathOf('go-move')).toBeUndefined();
  });

  test('the position of one list leaves the others alone', () => {
    expect(withPosition('/market', new URLSearchParams('pools=3&apps=2'), 'pools', 0)).toBe('/market?apps=2');
    expect(withPosition('/deals', new URLSearchParams(), 'page', 1)).toBe('/deals?page=2');
  });
});
