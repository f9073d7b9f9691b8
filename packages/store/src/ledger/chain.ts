import type { Address, Bytes32 } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { ChainRow, Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import type { BlockRow } from './rows.ts';

/** What the database follows and how far it has come; undefined before the first block. */
export async function findChain(db: Kysely<Database>): Promise<ChainRow | undefined> {
  return db.selectFrom('chain').selectAll().executeTakeFirst();
}

/** Sets which chain this database follows, once; a later call changes nothing. The head starts at `head`, which must be stored as a block too. */
export async function insertChain(
  db: Kysely<Database>,
  { chainId, genesisHash, hubAddress, head }: { chainId: bigint; genesisHash: Bytes32; hubAddress: Address; head: BlockRow },
): Promise<void> {
  await sql`
    insert into chain (chain_id, genesis_hash, hub_address, head_number, head_hash, head_timestamp)
    values (${chainId}, ${lower(genesisHash)}, ${lower(hubAddress)}, ${head.number}, ${lower(head.hash)}, ${head.timestamp})
    on conflict do nothing`.execute(db);
}

/**
 * Moves the head on, if it is where the caller thinks it is.
 * @returns false when somebody else has moved it: nothing that was read holds any more
 */
export async function moveHead(
  db: Kysely<Database>,
  { from, to, rewound }: { from: Bytes32; to: BlockRow; rewound: boolean },
): Promise<boolean> {
  const { rows } = await sql`
    update chain set
      head_number = ${to.number}, head_hash = ${lower(to.hash)}, head_timestamp = ${to.timestamp},
      rewinds = rewinds + ${rewound ? 1 : 0}, updated_at = clock_timestamp()
    where head_hash = ${lower(from)}
    returning head_number`.execute(db);
  return rows.length === 1;
}
