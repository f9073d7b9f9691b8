import { GleanerError } from '@gleaner/primitives';
import type { NetworkDescription } from '@gleaner/sdk';
import { publicNetwork } from './publicNetwork.ts';

/**
 * Reads the description of the network from the portal's own origin.
 * @throws {GleanerError} service-unreachable, data-corrupt
 */
export async function loadNetwork(signal: AbortSignal): Promise<NetworkDescription> {
  const text = await readText(signal);
  try {
    return publicNetwork(JSON.parse(text));
  } catch (error) {
    throw new GleanerError('data-corrupt', 'network.json of the portal does not describe a network', { cause: error });
  }
}

async function readText(signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch('/network.json', { signal });
    if (response.ok) return await response.text();
    throw new Error(`status ${response.status}`);
  } catch (error) {
    throw new GleanerError('service-unreachable', 'The server of the portal does not answer', { cause: error });
  }
}
