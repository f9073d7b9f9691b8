import type { CID } from 'multiformats/cid';

/**
 * Gives verified blocks.
 * @throws {GleanerError} content-not-found, content-corrupt
 */
export type BlockReader = (cid: CID) => Promise<Uint8Array>;
