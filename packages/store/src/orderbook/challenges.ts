import { type Address, invariant } from '@gleaner/primitives';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';

export interface ChallengeKey {
  /** Who asks, for example `market/1337001`; a challenge of one scope is nothing in another. */
  readonly scope: string;
  readonly address: Address;
}

/** Made live for `ttlMs` milliseconds unless another lives. */
export interface FreshChallenge extends ChallengeKey {
  readonly fresh: string;
  readonly ttlMs: number;
}

export interface SignedChallenge extends ChallengeKey {
  readonly challenge: string;
}

/** The live challenge of each, or its fresh one made live; in the order asked. */
export async function issueChallenges(db: Kysely<Database>, asked: readonly FreshChallenge[]): Promise<string[]> {
  const fresh = asked.map((one) => one.fresh);
  const ttls = asked.map(({ ttlMs }) => ttlMs);
  const { rows } = await sql<SignedChallenge>`
    insert into challenge (scope, address, challenge, expires_at)
    select distinct on (scope, address) scope, address, challenge, clock_timestamp() + ttl_ms * interval '1 millisecond'
    from unnest(${scopesOf(asked)}, ${addressesOf(asked)}, ${fresh}::text[], ${ttls}::int8[]) asked (scope, address, challenge, ttl_ms)
    order by scope, address
    on conflict (scope, address) do update set
      challenge = case when challenge.expires_at <= clock_timestamp() then excluded.challenge else challenge.challenge end,
      expires_at = case when challenge.expires_at <= clock_timestamp() then excluded.expires_at else challenge.expires_at end
    returning scope, address, challenge`.execute(db);
  const live = challengesByKey(rows);
  return asked.map((one) => {
    const challenge = live.get(keyOf(one));
    invariant(challenge, 'Every challenge that is asked for is live then');
    return challenge;
  });
}

/** The live challenge of each, in the order asked. */
export async function findChallenges(db: Kysely<Database>, asked: readonly ChallengeKey[]): Promise<(string | undefined)[]> {
  const { rows } = await sql<SignedChallenge>`
    select scope, address, challenge from challenge
    where (scope, address) in (select * from unnest(${scopesOf(asked)}, ${addressesOf(asked)})) and expires_at > clock_timestamp()`.execute(
    db,
  );
  const live = challengesByKey(rows);
  return asked.map((one) => live.get(keyOf(one)));
}

/** Uses challenges up: true exactly once for each, and only while it lives; in the order asked. */
export async function consumeChallenges(db: Kysely<Database>, signed: readonly SignedChallenge[]): Promise<boolean[]> {
  const texts = signed.map(({ challenge }) => challenge);
  const { rows } = await sql<SignedChallenge>`
    delete from challenge
    using unnest(${scopesOf(signed)}, ${addressesOf(signed)}, ${texts}::text[]) used (scope, address, challenge)
    where challenge.scope = used.scope and challenge.address = used.address and challenge.challenge = used.challenge
      and expires_at > clock_timestamp()
    returning challenge.scope, challenge.address, challenge.challenge`.execute(db);
  const used = challengesByKey(rows);
  return signed.map((one) => used.get(keyOf(one)) === one.challenge && used.delete(keyOf(one)));
}

export const issueChallenge = async (db: Kysely<Database>, asked: FreshChallenge): Promise<string> =>
  (await issueChallenges(db, [asked]))[0] as string;

export const findChallenge = async (db: Kysely<Database>, asked: ChallengeKey): Promise<string | undefined> =>
  (await findChallenges(db, [asked]))[0];

export const consumeChallenge = async (db: Kysely<Database>, signed: SignedChallenge): Promise<boolean> =>
  (await consumeChallenges(db, [signed]))[0] === true;

export async function purgeExpiredChallenges(db: Kysely<Database>): Promise<void> {
  await sql`delete from challenge where expires_at <= clock_timestamp()`.execute(db);
}

const scopesOf = (keys: readonly ChallengeKey[]): RawBuilder<unknown> => sql`${keys.map(({ scope }) => scope)}::text[]`;
const addressesOf = (keys: readonly ChallengeKey[]): RawBuilder<unknown> => sql`${keys.map(({ address }) => lower(address))}::text[]`;

const keyOf = ({ scope, address }: ChallengeKey): string => `${lower(address)} ${scope}`;
const challengesByKey = (rows: readonly SignedChallenge[]): Map<string, string> => new Map(rows.map((row) => [keyOf(row), row.challenge]));
