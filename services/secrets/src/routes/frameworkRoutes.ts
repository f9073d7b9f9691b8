import { createTeeChallenge, createTeeSession, getTeeFramework, getTeeProperties } from '@gleaner/api';
import { type HttpServer, registerEndpoint } from '@gleaner/api/server';
import { GleanerError, show } from '@gleaner/primitives';

const FRAMEWORK = 'TDX';

/** What schedulers of stock networks ask before they send tasks. */
export function registerFrameworkRoutes(server: HttpServer): void {
  registerEndpoint(server, getTeeFramework, async () => FRAMEWORK);
  registerEndpoint(server, getTeeProperties, async ({ params: { framework, version } }) => {
    if (framework.toUpperCase() !== FRAMEWORK) {
      throw new GleanerError('enclave-not-allowed', `The framework here is ${FRAMEWORK}, not ${show(framework)}`, {
        details: { framework },
      });
    }
    throw new GleanerError('not-found', `There are no properties of version ${show(version)}: enclaves here need none`);
  });
  registerEndpoint(server, createTeeChallenge, async () => {
    throw new GleanerError('not-found', 'Enclaves here make their keys themselves; a worker presents them at /enclaves/sessions');
  });
  registerEndpoint(server, createTeeSession, async () => {
    throw new GleanerError('not-found', 'Sessions are opened at /enclaves/sessions, with the evidence of an enclave');
  });
}
