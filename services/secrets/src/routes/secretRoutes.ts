import {
  checkAccountSecret,
  checkAppSecret,
  checkDatasetSecret,
  checkRequesterSecret,
  pushAccountSecret,
  pushAppSecret,
  pushDatasetSecret,
  pushRequesterSecret,
  replaceAccountSecret,
} from '@gleaner/api';
import { type HttpServer, registerEndpoint } from '@gleaner/api/server';
import { GleanerError, type Hex } from '@gleaner/primitives';
import type { SecretId } from '@gleaner/store';
import type { Logger } from 'pino';
import { accountSecret, appSecret, datasetSecret, requesterSecret } from '../domain/secretIds.ts';
import { assertSecret, createSecret, replaceSecret, type SecretsDeps } from '../setSecret.ts';

/** The endpoints that stock clients call to push secrets and to ask whether they are there. */
export function registerSecretRoutes(server: HttpServer, deps: SecretsDeps & { readonly log: Logger }): void {
  const check = (id: SecretId) => assertSecret(deps, id);
  const push = async (id: SecretId, value: string, signature: Hex) => {
    await createSecret(deps, { id, value, signature });
    deps.log.info({ ...id }, 'secret.created');
  };
  const signed = { authenticate: readSignature };

  registerEndpoint(server, checkDatasetSecret, ({ query }) => check(datasetSecret(query.secretAddress)));
  registerEndpoint(
    server,
    pushDatasetSecret,
    ({ query, body, identity }) => push(datasetSecret(query.secretAddress), body, identity),
    signed,
  );

  registerEndpoint(server, checkAppSecret, ({ params }) => check(appSecret(params.app)));
  registerEndpoint(server, pushAppSecret, ({ params, body, identity }) => push(appSecret(params.app), body, identity), signed);

  registerEndpoint(server, checkRequesterSecret, ({ params }) => check(requesterSecret(params.requester, params.key)));
  registerEndpoint(
    server,
    pushRequesterSecret,
    ({ params, body, identity }) => push(requesterSecret(params.requester, params.key), body, identity),
    signed,
  );

  registerAccountRoutes(server, deps, { check, push });
}

interface Handlers {
  check(id: SecretId): Promise<void>;
  push(id: SecretId, value: string, signature: Hex): Promise<void>;
}

/** The only kind that can be replaced. */
function registerAccountRoutes(server: HttpServer, deps: SecretsDeps & { readonly log: Logger }, { check, push }: Handlers): void {
  const idOf = ({ ownerAddress, secretName }: { ownerAddress: Hex; secretName: string }) => accountSecret(ownerAddress, secretName);
  const signed = { authenticate: readSignature };
  registerEndpoint(server, checkAccountSecret, ({ query }) => check(idOf(query)));
  registerEndpoint(server, pushAccountSecret, ({ query, body, identity }) => push(idOf(query), body, identity), signed);
  registerEndpoint(
    server,
    replaceAccountSecret,
    async ({ query, body, identity }) => {
      const id = idOf(query);
      await replaceSecret(deps, { id, value: body, signature: identity });
      deps.log.info({ ...id }, 'secret.replaced');
    },
    signed,
  );
}

/** 0x and the hexadecimal digits of 1 to 4096 bytes; keys sign with 65. */
const SIGNATURE = /^0x([0-9a-fA-F]{2}){1,4096}$/;

async function readSignature(header: string): Promise<Hex> {
  if (SIGNATURE.test(header)) return header as Hex;
  throw new GleanerError('unauthorized', 'The authorization header must be a signature: 0x and hexadecimal digits');
}
