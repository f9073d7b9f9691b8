import { getChallenge } from '@gleaner/api';
import { type HttpServer, registerEndpoint } from '@gleaner/api/server';
import { getChallengeText } from '../authorize.ts';
import { challengeData } from '../domain/challenge.ts';
import { assertChain, type MarketDeps } from './marketDeps.ts';

export function registerChallengeRoutes(server: HttpServer, deps: MarketDeps): void {
  registerEndpoint(server, getChallenge, async ({ query }) => {
    assertChain(deps, query.chainId);
    return { ok: true, data: challengeData(deps.chainId, await getChallengeText(deps, query.address)) };
  });
}
