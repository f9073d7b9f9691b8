import { checkAccountSecret, checkAppSecret, checkDatasetSecret, checkRequesterSecret } from '@gleaner/api';
import { assertNever, isGleanerError } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import type { SecretPlace } from './SecretPlace.ts';
import { secretService } from './secretService.ts';

/**
 * Whether the secret service holds a secret; anybody may ask, nobody gets its value.
 * @throws {GleanerError} bad-request for a name outside its range or a network without secret service; key-not-found when no account is named
 *   and the client has none; service-unreachable, timed-out, aborted
 */
export function hasSecret(gleaner: Gleaner, place: SecretPlace, settings: CallSettings = {}): Promise<boolean> {
  return bounded(gleaner, settings, async (client) => {
    try {
      await check(client, place);
      return true;
    } catch (error) {
      if (isGleanerError(error) && (error.code === 'secret-not-found' || error.code === 'not-found')) return false;
      throw error;
    }
  });
}

function check(client: Gleaner, place: SecretPlace): Promise<void> {
  const service = secretService(client);
  const options = callOptions(client);
  switch (place.kind) {
    case 'dataset':
      return service.call(checkDatasetSecret, { query: { secretAddress: place.dataset } }, options);
    case 'app':
      return service.call(checkAppSecret, { params: { app: place.app } }, options);
    case 'requester': {
      const { requester = client.signer().address, name } = place;
      return service.call(checkRequesterSecret, { params: { requester, key: name } }, options);
    }
    case 'account': {
      const { account = client.signer().address, name } = place;
      return service.call(checkAccountSecret, { query: { ownerAddress: account, secretName: name } }, options);
    }
    default:
      return assertNever(place);
  }
}
