/** Only an address or this machine's own name cannot be pointed here by somebody else (DNS rebinding). */
const OWN_HOST = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;

/**
 * Whether a web page of another origin sends this request. Browsers name the page's origin with every POST; programs do not.
 * A page could otherwise fill the store of whoever visits it, since a form may be sent anywhere without asking.
 * @param allowed origins such as `https://example.org`, also the gateway's own when it has a name; `*` allows all
 */
export function isForeignOrigin(
  headers: { readonly origin?: string | undefined; readonly host?: string | undefined },
  allowed: readonly string[],
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return false;
  const page = URL.parse(origin);
  return page === null || page.host !== URL.parse(`${page.protocol}//${host}`)?.host || !OWN_HOST.test(page.hostname);
}
