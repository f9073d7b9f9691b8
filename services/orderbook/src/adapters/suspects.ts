import { type Address, type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import { type OrderKind, WORKERPOOL_STAKE_RATIO } from '@gleaner/protocol';
import type { Store } from '@gleaner/store';
import { type RawBuilder, sql } from 'kysely';

type Db = Store['db'];

/**
 * How far back to look: what blocks above `block` changed, what was written since `horizon`, and orders published in the last minute (their
 * facts may have been read just before such a block). `all` looks at every record.
 */
export type Since = 'all' | { readonly block: bigint; readonly horizon: string };

export interface Suspect {
  readonly orderHash: OrderHash;
  readonly kind: OrderKind;
}

const justPublished = sql`o.published_at > now() - interval '1 minute'`;

/** What is written from now on is written by this transaction or a later one. */
export async function readHorizon(db: Db): Promise<string> {
  const { rows } = await sql<{ horizon: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`.execute(db);
  return rows[0]?.horizon ?? '0';
}

/** Records whose status or remaining volume differs from what the ledger says was dealt and closed. */
export async function listMiscounted(db: Db, since: Since): Promise<Suspect[]> {
  const { rows } = await sql<Suspect>`
    select o.order_hash, o.kind from order_record o
    cross join lateral (
      select coalesce(sum(c.volume), 0) as used, coalesce(bool_or(c.kind = 'closed'), false) as closed from consumed c where c.order_hash = o.order_hash
    ) chain
    where o.status <> 'dead' and ${touched(since, (block) => sql`o.order_hash in (select order_hash from consumed where block_number > ${block})`)}
      and (o.status, o.remaining) is distinct from (
        case when closed then 'canceled' when used >= o.volume then 'filled' else 'open' end,
        case when closed then 0 else greatest(o.volume - used, 0) end)`.execute(db);
  return rows;
}

/** Open orders whose signer no longer owns the entry, as the ledger sees it. */
export async function listDisowned(db: Db, since: Since): Promise<Suspect[]> {
  const { rows } = await sql<Suspect>`
    select o.order_hash, o.kind from order_record o
    join asset on asset.address = case o.kind when 'app' then o.app when 'dataset' then o.dataset else o.workerpool end
    where o.status = 'open' and o.kind <> 'request' and asset.owner <> o.signer
      and ${touched(since, (block) => sql`asset.updated_block > ${block}`)}`.execute(db);
  return rows;
}

/** Signers of open orders. */
export async function listOpenSigners(db: Db): Promise<Address[]> {
  const { rows } = await sql<{ signer: Address }>`select distinct signer from order_record where status = 'open'`.execute(db);
  return rows.map(({ signer }) => signer);
}

/** Open orders of these signers, and those whose signature has not the length of a key's. */
export async function listContractSigned(db: Db, contracts: readonly Address[]): Promise<Suspect[]> {
  const { rows } = await sql<Suspect>`
    select o.order_hash, o.kind from order_record o
    where o.status = 'open' and (o.signer = any(${contracts}::text[])
      or length(o.signed_order->>'sign') not in (${2 + 2 * 64}, ${2 + 2 * 65}))`.execute(db);
  return rows;
}

export interface StakedOrder extends Suspect {
  readonly signer: Address;
  /** nRLC that the signer must hold free. */
  readonly need: bigint;
}

/** Open orders that somebody's free stake must cover, of accounts whose money moved. */
export async function listStaked(db: Db, since: Since): Promise<StakedOrder[]> {
  const { rows } = await sql<StakedOrder>`
    select o.order_hash, o.kind, o.signer,
      case o.kind when 'workerpool' then floor(o.price * ${WORKERPOOL_STAKE_RATIO} / 100)
        else o.price + (o.signed_order->>'appmaxprice')::numeric + (o.signed_order->>'datasetmaxprice')::numeric end * o.remaining as need
    from order_record o
    where o.status = 'open' and o.kind in ('workerpool', 'request')
      and ${touched(
        since,
        (block) => sql`o.signer in (
        select account from money where block_number > ${block} union select counterparty from money where block_number > ${block})`,
      )}`.execute(db);
  return rows;
}

/** Open request orders for which nobody offers the app, or the data set, at or under their maximum price; of those whose offers changed. */
export async function listUnoffered(db: Db, since: Since): Promise<Suspect[]> {
  const { rows } = await sql<Suspect>`
    select o.order_hash, o.kind from order_record o
    where o.status = 'open' and o.kind = 'request' and ${touched(since, (_, horizon) => offersChanged(horizon))} and (
      not exists (
        select 1 from order_record a where a.status = 'open' and a.kind = 'app' and a.app = o.app
          and a.price <= (o.signed_order->>'appmaxprice')::numeric and get_bit(a.tag, 255) >= get_bit(o.tag, 255))
      or o.dataset <> ${ZERO_ADDRESS} and not exists (
        select 1 from order_record d where d.status = 'open' and d.kind = 'dataset' and d.dataset = o.dataset
          and d.price <= (o.signed_order->>'datasetmaxprice')::numeric))`.execute(db);
  return rows;
}

function offersChanged(horizon: string): RawBuilder<unknown> {
  const changed = (kind: 'app' | 'dataset') =>
    sql`${sql.ref(`o.${kind}`)} in (select ${sql.ref(kind)} from order_record where kind = ${kind} and changed_by >= ${horizon}::text::xid8)`;
  return sql`(${changed('app')} or ${changed('dataset')})`;
}

function touched(since: Since, by: (block: bigint, horizon: string) => RawBuilder<unknown>): RawBuilder<unknown> {
  return since === 'all' ? sql`true` : sql`(${justPublished} or ${by(since.block, since.horizon)})`;
}
