import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address } from '../http/fields.ts';
import { challengeData } from '../http/walletAuthorization.ts';
import { chainQuery, marketAnswer, marketStatuses } from './fields.ts';

/** The live challenge of an address; a repeated call gives the same until it is used or five minutes old. */
export const getChallenge = defineEndpoint({
  method: 'GET',
  path: '/challenge',
  summary: 'EIP-712 data to sign; the authorization header is <hash>_<signature>_<address>, good for one call',
  query: z.object({ ...chainQuery, address }),
  answer: marketAnswer({ data: challengeData }),
  statuses: marketStatuses,
});
