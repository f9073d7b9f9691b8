import { type Client, createClient } from '@gleaner/api';
import { GleanerError } from '@gleaner/primitives';
import type { Gleaner } from '../createGleaner.ts';

/** @throws {GleanerError} bad-request for a network that has no secret service */
export function secretService({ network }: Gleaner): Client {
  const { smsURL } = network.services;
  if (smsURL !== undefined) return createClient({ baseUrl: smsURL });
  throw new GleanerError('bad-request', 'This network names no secret service (services.smsURL); nothing confidential is offered here', {
    details: { chainId: network.chainId },
  });
}
