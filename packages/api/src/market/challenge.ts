import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address } from '../http/fields.ts';
import { chainQuery, marketAnswer, marketStatuses } from './fields.ts';

const member = z.object({ name: z.string(), type: z.string() });

/** EIP-712 data that a wallet signs to prove who it is. */
export const challengeData = z.object({
  types: z.object({ EIP712Domain: z.array(member), Challenge: z.array(member) }),
  primaryType: z.literal('Challenge'),
  domain: z.object({ name: z.string(), version: z.string(), chainId: z.number().int() }),
  message: z.object({ challenge: z.string() }),
});
export type ChallengeData = z.output<typeof challengeData>;

/** The live challenge of an address; a repeated call gives the same until it is used or five minutes old. */
export const getChallenge = defineEndpoint({
  method: 'GET',
  path: '/challenge',
  summary: 'EIP-712 data to sign; the authorization header is <hash>_<signature>_<address>, good for one call',
  query: z.object({ ...chainQuery, address }),
  answer: marketAnswer({ data: challengeData }),
  statuses: marketStatuses,
});
