import type { ImporterOptions } from 'ipfs-unixfs-importer';

/**
 * Settings of kubo's `ipfs add`: chunks of 256 KiB, 174 links a node, folders sharded above 256 KiB of links.
 * Version 0 wraps leaves in UnixFS, version 1 leaves them raw.
 */
export function importOptions(cidVersion: 0 | 1, { filesAtOnce = 1 }: { readonly filesAtOnce?: number } = {}): ImporterOptions {
  return {
    profile: 'unixfs-v0-2015',
    cidVersion,
    rawLeaves: cidVersion === 1,
    // blocks in memory for one file: 8 × 256 KiB
    blockWriteConcurrency: 8,
    fileImportConcurrency: filesAtOnce,
  };
}
