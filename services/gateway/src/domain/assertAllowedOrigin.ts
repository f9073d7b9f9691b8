import { GleanerError, show } from '@gleaner/primitives';

/** Only an address or this machine's own name cannot be pointed here by somebody else (DNS rebinding). */
const OWN_HOST = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;

interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/**
 * Refuses what a web page of another origin sends. Browsers name the page's origin with every POST; programs do not.
 * A page could otherwise fill the store of whoever visits it, since a form may be sent anywhere without asking.
 * @param allowed origins such as `https://example.org`, also the gateway's own when it has a name; `*` allows all
 * @throws {GleanerError} forbidden
 */
export function assertAllowedOrigin(headers: OriginHeaders, allowed: readonly string[]): void {
  if (!isForeign(headers, allowed)) return;
  const origin = show(headers.origin);
  throw new GleanerError('forbidden', `Web pages of ${origin} may not add content; GLEANER_ALLOWED_ORIGINS names those that may`, {
    details: { origin },
  });
}

function isForeign({ origin, host }: OriginHeaders, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return false;
  const page = URL.parse(origin);
  return page === null || page.host !== URL.parse(`${page.protocol}//${host}`)?.host || !OWN_HOST.test(page.hostname);
}
