import type { Network } from '@gleaner/localnet';

/** Adds a file through the IPFS node that the client is told of. @returns its content id */
export async function addFile(network: Network, bytes: Uint8Array | string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]));
  const added = await fetch(new URL('/api/v0/add', network.services.ipfsNodeURL), { method: 'POST', body: form });
  return ((await added.json()) as { readonly Hash: string }).Hash;
}
