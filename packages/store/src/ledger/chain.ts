import type { Address, Bytes32 } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { ChainRow, Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import type { Head } from './rows.ts';

/** What the database follows and how far it has come; undefined before the first block. */
export async function findChain(db: Kysely<Database>): Promise<ChainRow | undefined> {
  return db.selectFrom('chain').selectAll().executeTakeFirst();
}

/** Sets which chain this database follows, once; a later call changes nothing. The head starts at `head`, which must be stored as a block too. */
export async function insertChain(
  db: Kysely<Database>,
  { chainId, genesisHash, hubAddress, head }: { chainId: bigint; genesisHash: Bytes32; hubAddress: Address; head: Head },
): Promise<void> {
  await sql`
    insert into chain (chain_id, genesis_hash, hub_address, head_number, head_hash, head_timestamp)
    values (${chainId}, ${lower(genesisHash)}, ${lower(hubAddress)}, ${head.number}, ${lower(head.hash)}, ${head.timestamp})
    on conflict do nothing`.execute(db);
}

/**
 * Moves the head on, if it is where the caller thinks it is.
 * @returns how many reorganisations were followed so far; undefined when somebody else has moved the head: nothing that was read holds any more
 */
export async function moveHead(
  db: Kysely<Database>,
  { from, to, rewound }: { from: Bytes32; to: Head; rewound: boolean },
): Promise<bigint | undefined> {
  const { rows } = await sql<{ rewinds: bigint }>`
    update chain set
      head_number = ${to.number}, head_hash = ${lower(to.hash)}, head_timestamp = ${to.timestamp},
      rewinds = rewinds + ${rewound ? 1 : 0}, updated_at = clock_timestamp()
    where head_hash = ${lower(from)}
    returning rewinds`.execute(db);
  return rows[0]?.rewinds;
}
