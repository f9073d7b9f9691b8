import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { GleanerError } from '@gleaner/primitives';

/** Below the range from which Linux takes the ports of outgoing connections (32768 and up), so that a restart finds its port free again. */
const LOWEST = 12_000;
const HIGHEST = 32_000;

/**
 * A port nobody listens on: the first free one of `wanted`, otherwise a random one.
 * @throws {GleanerError} port-taken after 50 tries
 */
export async function findFreePort(wanted: readonly number[] = [], host = '127.0.0.1'): Promise<number> {
  const tries = [...wanted.filter((port) => port > 0), ...Array.from({ length: 50 }, () => randomInt(LOWEST, HIGHEST))];
  for (const port of tries) {
    if (await isPortFree(port, host)) return port;
  }
  throw new GleanerError('port-taken', `No free port between ${LOWEST} and ${HIGHEST} on ${host}`);
}

export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
