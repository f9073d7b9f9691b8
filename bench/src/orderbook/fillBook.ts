import { type Address, invariant, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { encodeSignedOrder, NULL_DATASET_ORDER, type Orders, type Signed } from '@gleaner/protocol';
import type { Store } from '@gleaner/store';
import { sql } from 'kysely';

/** Who stands behind the orders of a filled book: accounts with free stake, so that nothing is taken out of it. */
export interface Backers {
  readonly poolOwner: Address;
  readonly requester: Address;
}

/** Different pools, apps and data sets of a filled book. */
const SUBJECTS = 500;
/** Different accounts that its orders are restricted to. */
const LIMITED = 97;
/** Orders inserted by one statement. */
const CHUNK = 10_000;

const SIGN = `0x${'5a'.repeat(65)}` as const;

/** Pool, app or data set of an order. */
export const subjectOf = (index: number): string => `0x${(1 + (index % SUBJECTS)).toString(16).padStart(40, 'c')}`;
/** Account that an order is restricted to. */
export const limitedOf = (index: number): string => `0x${(index % LIMITED).toString(16).padStart(40, 'd')}`;

/** Enters `count` open orders, a quarter of each kind, that differ in price, subject, category, trust, restriction and time. */
export async function fillBook({ db }: Store, count: number, backers: Backers): Promise<void> {
  const templates = templatesOf(backers);
  for (const [kind, template] of Object.entries(templates)) {
    const { fields, columns } = COLUMNS[kind as keyof typeof COLUMNS];
    for (let first = 0; first < count / 4; first += CHUNK) {
      const size = Math.min(CHUNK, count / 4 - first);
      await sql`
        insert into order_record (order_hash, kind, signed_order, signer, status, remaining, published_at, volume, price, tag, ${sql.raw(columns)})
        select '0x' || encode(sha256(convert_to(${kind}::text || n, 'UTF8')), 'hex'), ${kind}, ${JSON.stringify(template)}::jsonb || ${sql.raw(fields)},
          ${kind === 'request' ? backers.requester.toLowerCase() : backers.poolOwner.toLowerCase()}, 'open', 1 + n % 7,
          timestamp '2026-01-01' + n * interval '1 second', 1 + n % 7, price, 0::bit(256), ${sql.raw(VALUES)}
        from (select n, 100 + (n * 7919) % 5003 as price, '0x' || lpad(to_hex(1 + n % ${SUBJECTS}::int), 40, 'c') as subject,
          case when n % 10 = 0 then '0x' || lpad(to_hex(n % ${LIMITED}::int), 40, 'd') else ${ZERO_ADDRESS} end as limited
          from generate_series(${first}::int, ${first + size - 1}::int) n) one`.execute(db);
    }
  }
  await sql`analyze order_record`.execute(db);
  const { rows } = await sql<{ count: bigint }>`select count(*) as count from order_record where status = 'open'`.execute(db);
  invariant(Number(rows[0]?.count) >= count, 'The book holds all orders', { count: rows[0]?.count ?? 0n });
}

const VALUES = `subject, ${['0', '1'].map(() => `'${ZERO_ADDRESS}'`).join(', ')}, limited, n % 4, 1 + n % 10`;
const COMMON = "'volume', 1 + n % 7";
const NOBODY = 'requester_restrict';

/** Of each kind: what differs in the signed order, and the columns that `VALUES` go to (subject, two free restrictions, the used one, category, trust). */
const COLUMNS = {
  app: {
    fields: `jsonb_build_object('app', subject, 'appprice', price, 'datasetrestrict', limited, ${COMMON})`,
    columns: `app, workerpool_restrict, ${NOBODY}, dataset_restrict, category, trust`,
  },
  dataset: {
    fields: `jsonb_build_object('dataset', subject, 'datasetprice', price, 'apprestrict', limited, ${COMMON})`,
    columns: `dataset, workerpool_restrict, ${NOBODY}, app_restrict, category, trust`,
  },
  workerpool: {
    fields: `jsonb_build_object('workerpool', subject, 'workerpoolprice', price, 'apprestrict', limited, 'category', n % 4, 'trust', 1 + n % 10, ${COMMON})`,
    columns: `workerpool, dataset_restrict, ${NOBODY}, app_restrict, category, trust`,
  },
  request: {
    fields: `jsonb_build_object('app', subject, 'workerpoolmaxprice', price, 'workerpool', limited, 'category', n % 4, 'trust', 1 + n % 10, ${COMMON})`,
    columns: 'app, dataset, beneficiary, workerpool_restrict, category, trust',
  },
} as const;

function templatesOf({ requester }: Backers) {
  const tagged = { volume: 1n, tag: ZERO_BYTES32, salt: ZERO_BYTES32, sign: SIGN };
  const open = { ...tagged, requesterrestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS };
  const orders: { readonly [K in keyof Orders]: Signed<Orders[K]> } = {
    app: { app: ZERO_ADDRESS, appprice: 0n, datasetrestrict: ZERO_ADDRESS, ...open },
    dataset: { ...NULL_DATASET_ORDER, ...open },
    workerpool: {
      workerpool: ZERO_ADDRESS,
      workerpoolprice: 0n,
      category: 0n,
      trust: 1n,
      apprestrict: ZERO_ADDRESS,
      datasetrestrict: ZERO_ADDRESS,
      requesterrestrict: ZERO_ADDRESS,
      ...tagged,
    },
    request: {
      app: ZERO_ADDRESS,
      appmaxprice: 10_000n,
      dataset: ZERO_ADDRESS,
      datasetmaxprice: 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: 0n,
      requester,
      category: 0n,
      trust: 1n,
      beneficiary: requester,
      callback: ZERO_ADDRESS,
      params: '{"iexec_args":"hello"}',
      ...tagged,
    },
  };
  return {
    app: encodeSignedOrder('app', orders.app),
    dataset: encodeSignedOrder('dataset', orders.dataset),
    workerpool: encodeSignedOrder('workerpool', orders.workerpool),
    request: encodeSignedOrder('request', orders.request),
  };
}
