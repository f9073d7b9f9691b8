import { randomBytes } from 'node:crypto';
import {
  type ChallengeData,
  challengeOf,
  getTaskLogsChallenge,
  hashChallengeData,
  invalidAuthorization,
  parseAuthorization,
} from '@gleaner/api';
import { type Authenticate, registerEndpoint } from '@gleaner/api/server';
import { type Address, GleanerError } from '@gleaner/primitives';
import { findChallenge, issueChallenge, type Store } from '@gleaner/store';
import type { FastifyInstance } from 'fastify';
import { recoverAddress } from 'viem';
import type { PoolFacts } from '../ports.ts';

/** Name in the domain of the challenge; the stock client shows it to its user. */
const DOMAIN = 'iExec Core';
const CHALLENGE_MS = 60 * 60_000;

export interface WalletAuth {
  readonly store: Store;
  readonly facts: Pick<PoolFacts, 'isSignedBy'>;
  readonly chainId: bigint;
}

/** The challenge that a wallet signs before it reads logs or has a pool served; reusable until it is an hour old. */
export function registerWalletChallenge(server: FastifyInstance, { store, chainId }: WalletAuth): void {
  registerEndpoint(server, getTaskLogsChallenge, async ({ query }) => {
    if (BigInt(query.chainId) !== chainId) {
      throw new GleanerError('bad-request', `chainId ${query.chainId} is not supported, this scheduler serves ${chainId}`, {
        details: { field: 'chainId', asked: query.chainId, chainId },
      });
    }
    const fresh = randomBytes(32).toString('base64');
    const scope = scopeOf(chainId);
    return dataOf(chainId, await issueChallenge(store.db, { scope, address: query.address, fresh, ttlMs: CHALLENGE_MS }));
  });
}

/** The wallet, key or contract, that signed the live challenge. @throws {GleanerError} unauthorized from `Authenticate` when it did not */
export function authenticateWallet({ store, facts, chainId }: WalletAuth): Authenticate<Address> {
  return async (header) => {
    const { hash, signature, address } = parseAuthorization(header);
    const challenge = await findChallenge(store.db, { scope: scopeOf(chainId), address });
    if (challenge === undefined || hashChallengeData(dataOf(chainId, challenge)) !== hash) throw invalidAuthorization();
    const recovered = await recoverAddress({ hash, signature }).catch(() => undefined);
    if (recovered === address || (await facts.isSignedBy(address, hash, signature))) return address;
    throw invalidAuthorization();
  };
}

const scopeOf = (chainId: bigint): string => `scheduler-login/${chainId}`;
const dataOf = (chainId: bigint, challenge: string): ChallengeData => challengeOf(DOMAIN, Number(chainId), challenge);
