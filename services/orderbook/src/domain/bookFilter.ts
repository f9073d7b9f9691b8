import type { AppBookQuery, DatasetBookQuery, Paging, RequestBookQuery, WorkerpoolBookQuery } from '@gleaner/api';
import { type Address, type Bytes32, GleanerError } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';

/**
 * How a restriction field is asked for: absent = only orders that admit everyone; an address = those and the ones that admit it;
 * with `strict` = only the ones that name it; `any` = no filter.
 */
export type Restriction = 'any' | { readonly address: Address; readonly strict?: boolean };

/** Which open orders of a kind are asked for. The workerpool of a request order is its restriction. */
export interface BookFilter {
  /** Fields that must be equal; `any` and absent are no filter. `signer` is the owner of the asset. */
  readonly app?: Address | 'any';
  readonly dataset?: Address | 'any';
  readonly workerpool?: Address | 'any';
  readonly requester?: Address | 'any';
  readonly beneficiary?: Address;
  readonly signer?: Address;
  readonly category?: bigint;
  /** Those that orders of the kind do not have are not looked at. */
  readonly appRestrict?: Restriction;
  readonly datasetRestrict?: Restriction;
  readonly workerpoolRestrict?: Restriction;
  readonly requesterRestrict?: Restriction;
  /** All its bits are present in the order's tag. */
  readonly minTag?: Bytes32;
  /** The order's tag has no bit outside. */
  readonly maxTag?: Bytes32;
  readonly minTrust?: bigint;
  readonly maxTrust?: bigint;
  /** Least remaining volume. */
  readonly minVolume?: bigint;
  /** Data set orders at price 0 with volume of at least 2^53 - 2. */
  readonly bulkOnly?: boolean;
}

export interface BookQueries {
  readonly app: AppBookQuery;
  readonly dataset: DatasetBookQuery;
  readonly workerpool: WorkerpoolBookQuery;
  readonly request: RequestBookQuery;
}

type Who = Address | 'any' | undefined;

/**
 * What a book query asks of the stored orders.
 * @throws {GleanerError} bad-request when the app or data set book is asked for nobody's orders
 */
export function bookFilter<K extends OrderKind>(kind: K, query: BookQueries[K]): BookFilter {
  const filters: { readonly [k in OrderKind]: (query: never) => BookFilter } = {
    app: appFilter,
    dataset: datasetFilter,
    workerpool: workerpoolFilter,
    request: requestFilter,
  };
  return filters[kind](query as never);
}

function appFilter(query: AppBookQuery): BookFilter {
  assertSubject('app', query.app, query.appOwner);
  return {
    ...defined({ app: query.app, signer: oneAddress(query.appOwner), ...tagsAndVolume(query) }),
    ...restrictions({
      datasetRestrict: restriction(query.dataset, query.isDatasetStrict),
      workerpoolRestrict: restriction(query.workerpool, query.isWorkerpoolStrict),
      requesterRestrict: restriction(query.requester, query.isRequesterStrict),
    }),
  };
}

function datasetFilter(query: DatasetBookQuery): BookFilter {
  assertSubject('dataset', query.dataset, query.datasetOwner);
  return {
    ...defined({ dataset: query.dataset, signer: oneAddress(query.datasetOwner), bulkOnly: query.bulkOnly, ...tagsAndVolume(query) }),
    ...restrictions({
      appRestrict: restriction(query.app, query.isAppStrict),
      workerpoolRestrict: restriction(query.workerpool, query.isWorkerpoolStrict),
      requesterRestrict: restriction(query.requester, query.isRequesterStrict),
    }),
  };
}

function workerpoolFilter(query: WorkerpoolBookQuery): BookFilter {
  const { workerpool, workerpoolOwner, category, minTrust } = query;
  return {
    ...defined({ workerpool, signer: oneAddress(workerpoolOwner), category, minTrust, ...tagsAndVolume(query) }),
    ...restrictions({
      appRestrict: restriction(query.app, query.isAppStrict),
      datasetRestrict: restriction(query.dataset, query.isDatasetStrict),
      requesterRestrict: restriction(query.requester, query.isRequesterStrict),
    }),
  };
}

function requestFilter(query: RequestBookQuery): BookFilter {
  const { app, dataset, requester, beneficiary, category, maxTrust } = query;
  return {
    ...defined({ app, dataset, requester, category, maxTrust, ...tagsAndVolume(query) }),
    ...defined({ beneficiary: oneAddress(beneficiary) }),
    ...restrictions({ workerpoolRestrict: restriction(query.workerpool, query.isWorkerpoolStrict) }),
  };
}

const tagsAndVolume = ({ minTag, maxTag, minVolume }: AppBookQuery | DatasetBookQuery | WorkerpoolBookQuery | RequestBookQuery) => ({
  minTag,
  maxTag,
  minVolume,
});

function restriction(who: Who, strict = false): Restriction | undefined {
  return who === undefined || who === 'any' ? who : { address: who, strict };
}

const oneAddress = (who: Who): Address | undefined => (who === 'any' ? undefined : who);

const restrictions = (fields: Readonly<Record<string, Restriction | undefined>>): BookFilter => defined(fields);

function defined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}

function assertSubject(kind: 'app' | 'dataset', asset: Who, owner: Who): void {
  if (asset !== undefined || owner !== undefined) return;
  throw new GleanerError('bad-request', `${kind} or ${kind}Owner is required (${kind}=any lists all)`, { details: { field: kind } });
}

const DEFAULT_PAGE_SIZE = 20;

/** Which rows a page holds. The older `page` parameter is itself the number of rows to skip. */
export function pageOf({ page, pageIndex = 0, pageSize = DEFAULT_PAGE_SIZE }: Paging): { readonly skip: number; readonly limit: number } {
  return { skip: page ?? pageIndex * pageSize, limit: pageSize };
}

/** Present when the page is full: there may be more. */
export function nextPage(paging: Paging, found: number): { readonly nextPage?: number } {
  const { skip, limit } = pageOf(paging);
  if (found < limit) return {};
  return { nextPage: paging.page === undefined ? (paging.pageIndex ?? 0) + 1 : skip + limit };
}
