import { accountFromKey, createPrivateKey, type PrivateKey, readKeyFile, writeKeyFile } from '@gleaner/keys';
import type { Network } from '@gleaner/localnet';
import { type Address, GleanerError, isGleanerError } from '@gleaner/primitives';
import { resolveAddress } from '../session.ts';

export interface AgentOptions {
  readonly agent?: string;
  readonly agentKey?: string;
}

/**
 * Address of the agent that a command names, by address or by the key file that its scheduler will use. A missing key file is made.
 * @throws {GleanerError} bad-request unless it is named in exactly one way; key-invalid, data-unreadable
 */
export async function agentOf({ agent, agentKey }: AgentOptions, network: Network): Promise<Address> {
  if (agent !== undefined && agentKey === undefined) return resolveAddress(agent, network);
  if (agentKey !== undefined && agent === undefined) return accountFromKey(await openKey(agentKey)).address;
  throw new GleanerError(
    'bad-request',
    'Name the key that the scheduler will sign with in one way: --agent <address>, or --agent-key <file>, which is made when it is missing',
  );
}

async function openKey(path: string): Promise<PrivateKey> {
  try {
    return await readKeyFile(path);
  } catch (error) {
    if (!isGleanerError(error) || error.code !== 'key-not-found') throw error;
    const key = createPrivateKey();
    await writeKeyFile(path, key);
    return key;
  }
}
