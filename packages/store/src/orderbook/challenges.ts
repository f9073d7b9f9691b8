import type { Address } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';

export interface ChallengeKey {
  /** Who asks, for example `market/1337001`; a challenge of one scope is nothing in another. */
  readonly scope: string;
  readonly address: Address;
}

/** The live challenge of the address, or `fresh` made live for `ttlMs` when there is none. */
export async function issueChallenge(
  db: Kysely<Database>,
  { scope, address, fresh, ttlMs }: ChallengeKey & { fresh: string; ttlMs: number },
): Promise<string> {
  const { rows } = await sql<{ challenge: string }>`
    insert into challenge (scope, address, challenge, expires_at)
    values (${scope}, ${lower(address)}, ${fresh}, clock_timestamp() + ${ttlMs} * interval '1 millisecond')
    on conflict (scope, address) do update set
      challenge = case when challenge.expires_at <= clock_timestamp() then excluded.challenge else challenge.challenge end,
      expires_at = case when challenge.expires_at <= clock_timestamp() then excluded.expires_at else challenge.expires_at end
    returning challenge`.execute(db);
  return rows[0]?.challenge ?? fresh;
}

export async function findChallenge(db: Kysely<Database>, { scope, address }: ChallengeKey): Promise<string | undefined> {
  const { rows } = await sql<{ challenge: string }>`
    select challenge from challenge
    where scope = ${scope} and address = ${lower(address)} and expires_at > clock_timestamp()`.execute(db);
  return rows[0]?.challenge;
}

/** Uses a challenge up: true exactly once, and only while it lives. */
export async function consumeChallenge(
  db: Kysely<Database>,
  { scope, address, challenge }: ChallengeKey & { challenge: string },
): Promise<boolean> {
  const { rows } = await sql`
    delete from challenge
    where scope = ${scope} and address = ${lower(address)} and challenge = ${challenge} and expires_at > clock_timestamp()
    returning address`.execute(db);
  return rows.length === 1;
}

export async function purgeExpiredChallenges(db: Kysely<Database>): Promise<void> {
  await sql`delete from challenge where expires_at <= clock_timestamp()`.execute(db);
}
