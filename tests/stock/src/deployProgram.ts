import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Network } from '@gleaner/localnet';
import type { Address } from '@gleaner/primitives';
import { addFile } from './addFile.ts';
import type { Newcomer } from './newcomer.ts';

/** Registers a program of the folder `fixtures` as an app of the caller. */
export async function deployProgram({ address: owner, iexec }: Newcomer, network: Network, file: string): Promise<Address> {
  const bytes = await readFile(join(import.meta.dirname, '..', 'fixtures', file));
  const multiaddr = `/ipfs/${await addFile(network, bytes)}`;
  const checksum = `0x${createHash('sha256').update(bytes).digest('hex')}`;
  const { address } = await iexec.app.deployApp({ owner, name: `${file} ${Date.now()}`, type: 'DOCKER', multiaddr, checksum });
  return address as Address;
}
