const LOOPBACK_HOST = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a request may come in. Programs send no Origin; web pages do, and only those of this machine and the configured ones pass.
 * The Host header must name this machine or a configured origin too, so that a foreign name that resolves to the loopback address
 * (DNS rebinding) does not count as ours.
 * @param allowed further origins, e.g. `https://portal.example`
 */
export function isAllowedCaller(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
  if (host !== undefined && !isOurHost(host, allowed)) return false;
  return origin === undefined || allowed.includes(origin) || isLoopbackOrigin(origin);
}

function isLoopbackOrigin(origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && /^https?:$/.test(url.protocol) && LOOPBACK_HOST.test(url.hostname);
}

function isOurHost(host: string, allowed: readonly string[]): boolean {
  const name = URL.parse(`http://${host}`)?.hostname;
  return name !== undefined && (LOOPBACK_HOST.test(name) || allowed.some((origin) => URL.parse(origin)?.hostname === name));
}
