import type { Network } from '@gleaner/localnet';
import type { Address } from '@gleaner/primitives';
import { addFile } from './addFile.ts';
import type { Newcomer } from './newcomer.ts';

/** Encrypts, uploads and registers a data set, and pushes its key, with the client's own means. */
export async function deployDataset({ iexec, address: owner }: Newcomer, network: Network, text: string): Promise<Address> {
  const key = iexec.dataset.generateEncryptionKey();
  const sealed = await iexec.dataset.encrypt(Buffer.from(text), key);
  const checksum = await iexec.dataset.computeEncryptedFileChecksum(sealed);
  const multiaddr = `/ipfs/${await addFile(network, sealed)}`;
  const { address } = await iexec.dataset.deployDataset({ owner, name: text, multiaddr, checksum });
  await iexec.dataset.pushDatasetSecret(address, key);
  return address as Address;
}
