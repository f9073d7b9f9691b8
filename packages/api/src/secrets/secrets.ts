import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address } from '../http/fields.ts';
import { MAX_SECRET_BYTES, secretKey, secretName, secretValue } from './fields.ts';

/** Pushes answer 204 and nothing else; 401 for a signature that is not the owner's, 409 for a secret that is there, 413 above 4096 bytes. */
const push = {
  body: secretValue,
  bodyType: 'text',
  bodyLimit: MAX_SECRET_BYTES,
  auth: 'owner',
  answer: z.void(),
} as const;

/** Existence checks answer 204 or 404. */
const check = { method: 'HEAD', answer: z.void() } as const;

const datasetPlace = { path: '/secrets/web3', query: z.object({ secretAddress: address }) } as const;
const accountPlace = { path: '/secrets/web2', query: z.object({ ownerAddress: address, secretName }) } as const;
const appPlace = { path: '/apps/:app/secrets', params: z.object({ app: address }) } as const;
const requesterPlace = {
  path: '/requesters/:requester/secrets/:key',
  params: z.object({ requester: address, key: secretKey }),
} as const;

export const checkDatasetSecret = defineEndpoint({ ...check, ...datasetPlace, summary: 'Whether a data set has its key here' });
export const pushDatasetSecret = defineEndpoint({
  ...push,
  ...datasetPlace,
  method: 'POST',
  summary: 'Sets the key of a data set, for good',
});

export const checkAccountSecret = defineEndpoint({ ...check, ...accountPlace, summary: 'Whether an account has a secret of this name' });
export const pushAccountSecret = defineEndpoint({ ...push, ...accountPlace, method: 'POST', summary: 'Sets a secret of an account' });
export const replaceAccountSecret = defineEndpoint({
  ...push,
  ...accountPlace,
  method: 'PUT',
  summary: 'Replaces a secret of an account; 404 when there is none',
});

export const checkAppSecret = defineEndpoint({ ...check, ...appPlace, summary: 'Whether an app has the secret of its developer here' });
export const pushAppSecret = defineEndpoint({ ...push, ...appPlace, method: 'POST', summary: 'Sets the secret of an app, for good' });

export const checkRequesterSecret = defineEndpoint({
  ...check,
  ...requesterPlace,
  summary: 'Whether a requester has a secret of this name',
});
export const pushRequesterSecret = defineEndpoint({
  ...push,
  ...requesterPlace,
  method: 'POST',
  summary: 'Sets a secret of a requester, for good',
});
