import type { Address, Bytes32, OrderHash } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import type { AssetRow } from './rows.ts';

/** What the ledger knew at one moment. Hex is lower-case. */
export interface LedgerMoment {
  /** Of the newest block that it had folded; absent before the first. */
  readonly headHash: Bytes32 | undefined;
  readonly assets: readonly Pick<AssetRow, 'address' | 'kind' | 'owner'>[];
  /** Orders of which something was used, closed or presigned. */
  readonly touched: readonly OrderHash[];
}

/** Reads head, assets and orders together, so that what it gives is true at that head. */
export async function readMoment(
  db: Kysely<Database>,
  asked: { readonly assets: readonly Address[]; readonly orders: readonly OrderHash[] },
): Promise<LedgerMoment> {
  const { rows } = await sql<{ [K in keyof LedgerMoment]: LedgerMoment[K] | null }>`
    select
      (select head_hash from chain) as head_hash,
      (select jsonb_agg(jsonb_build_object('address', address, 'kind', kind, 'owner', owner))
        from asset where address = any(${asked.assets.map(lower)}::text[])) as assets,
      (select array_agg(distinct order_hash) from consumed where order_hash = any(${asked.orders.map(lower)}::text[])) as touched`.execute(
    db,
  );
  const [row] = rows;
  return { headHash: row?.headHash ?? undefined, assets: row?.assets ?? [], touched: row?.touched ?? [] };
}
