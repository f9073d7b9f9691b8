import type { InProcessService } from '@gleaner/localnet';
import { buildSiteApart, startPortal } from '@gleaner/portal/server';
import { toGleanerError } from '@gleaner/primitives';
import type { Logger } from 'pino';
import { toDescription } from './toDescription.ts';

/**
 * Serves the web portal on an origin of its own. Its build begins with this call, beside the start of the network, and is done once for
 * the same sources. Whatever goes wrong with the portal is logged and said on its page; the network goes on without it.
 */
export function portalService(): InProcessService {
  const build = buildSiteApart();
  return {
    name: 'portal',
    publishes: (url) => ({ portalUrl: url }),
    async start({ network, host, port, log: contextLog }) {
      const log = contextLog as Logger;
      try {
        const { url, close } = await startPortal({
          network: toDescription(network),
          host,
          port,
          site: build.folder,
          onSite: (failure) =>
            failure === undefined
              ? log.info('portal.ready')
              : log.warn({ code: failure.code, reason: failure.message }, 'portal.unavailable'),
        });
        const end = async () => {
          build.stop();
          await close();
        };
        return { url, close: end };
      } catch (error) {
        build.stop();
        const { code, message } = toGleanerError(error);
        log.warn({ code, reason: message }, 'portal.unavailable');
        return { network: { portalUrl: undefined }, close: async () => undefined };
      }
    },
  };
}
