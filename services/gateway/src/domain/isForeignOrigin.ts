/**
 * Whether a web page of another origin sends this request. Browsers name the page's origin with every POST; programs do not.
 * A page could otherwise fill the store of whoever visits it, since a form may be sent anywhere without asking.
 * @param allowed origins such as `https://example.org`; `*` allows all
 */
export function isForeignOrigin(
  headers: { readonly origin?: string | undefined; readonly host?: string | undefined },
  allowed: readonly string[],
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return false;
  return origin !== `http://${host}` && origin !== `https://${host}`;
}
