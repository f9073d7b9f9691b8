import {
  MAX_SECRET_BYTES,
  pushAccountSecret,
  pushAppSecret,
  pushDatasetSecret,
  pushRequesterSecret,
  replaceAccountSecret,
  secretHash,
} from '@gleaner/api';
import { type Address, assertNever, GleanerError, type Hex } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import type { SecretPlace } from './SecretPlace.ts';
import { secretService } from './secretService.ts';

/** Name under which stock clients sign the secret of an app. */
const APP_SECRET_NAME = '1';

export interface PushSecret {
  readonly place: SecretPlace;
  /** 1 to 4096 bytes as UTF-8. It travels as it is: put TLS before a service that is not on this machine. */
  readonly value: string;
  /** Replaces the value that is there; of an account's own secrets only. */
  readonly replace?: boolean;
}

/**
 * Hands a secret to the secret service, signed by the client's account, which must own the data set or app, or be the requester or account.
 * All but an account's own stay what they are for good. The value enters neither errors nor logs.
 * @throws {GleanerError} bad-request for a value or name outside its range, or a network without secret service; key-not-found;
 *   unauthorized when the account is not the owner; secret-exists; secret-not-found when there is nothing to replace;
 *   service-unreachable, timed-out, aborted: then it may have arrived, `hasSecret` tells
 */
export function pushSecret(gleaner: Gleaner, { place, value, replace = false }: PushSecret, settings: CallSettings = {}): Promise<void> {
  return bounded(gleaner, settings, async (client) => {
    assertValue(value);
    if (replace && place.kind !== 'account')
      throw new GleanerError('bad-request', `The secret of ${article[place.kind]} cannot be replaced`, { details: { kind: place.kind } });
    await push(client, place, value, replace);
  });
}

const article = { dataset: 'a data set', app: 'an app', requester: 'a requester', account: 'an account' } as const;

function assertValue(value: string): void {
  const sizeBytes = new TextEncoder().encode(value).length;
  if (sizeBytes > 0 && sizeBytes <= MAX_SECRET_BYTES) return;
  throw new GleanerError('bad-request', `A secret has 1 to ${MAX_SECRET_BYTES} bytes, this one has ${sizeBytes}`, {
    details: { sizeBytes },
  });
}

async function push(client: Gleaner, place: SecretPlace, value: string, replace: boolean): Promise<void> {
  const service = secretService(client);
  const signed = async (owner: Address, name?: string) => ({
    ...callOptions(client),
    authorization: await sign(client, secretHash({ owner, value, ...(name === undefined ? {} : { name }) })),
  });
  switch (place.kind) {
    case 'dataset': {
      const { dataset } = place;
      return await service.call(pushDatasetSecret, { query: { secretAddress: dataset }, body: value }, await signed(dataset));
    }
    case 'app': {
      const { app } = place;
      return await service.call(pushAppSecret, { params: { app }, body: value }, await signed(app, APP_SECRET_NAME));
    }
    case 'requester': {
      const { requester = client.signer().address, name } = place;
      const input = { params: { requester, key: name }, body: value };
      return await service.call(pushRequesterSecret, input, await signed(requester, name));
    }
    case 'account': {
      const { account = client.signer().address, name } = place;
      const input = { query: { ownerAddress: account, secretName: name }, body: value };
      return await service.call(replace ? replaceAccountSecret : pushAccountSecret, input, await signed(account, name));
    }
    default:
      return assertNever(place);
  }
}

function sign(client: Gleaner, hash: Hex): Promise<Hex> {
  return client.signer().signMessage({ message: { raw: hash } });
}
