export { MAX_ARCHIVE_BYTES } from '@gleaner/protocol';
export { assertContent } from './assertContent.ts';
export type { BlockKey, BlockStorage } from './BlockStorage.ts';
export type {
  Added,
  AddedEntry,
  AddOptions,
  ContentReference,
  ContentSource,
  ContentStat,
  ContentStore,
  FolderEntry,
  FolderItem,
  Garbage,
  ReadOptions,
} from './ContentStore.ts';
export { MAX_BLOCK_BYTES } from './car.ts';
export { cidVersionOf, isCid, parseReference } from './cids.ts';
export { computeCid } from './computeCid.ts';
export { createStore } from './createStore.ts';
export { createDiskStore, type DiskStoreOptions } from './disk/createDiskStore.ts';
export { translateFileError } from './disk/translateFileError.ts';
export { limitBytes } from './limitBytes.ts';
export { createMemoryStore } from './memory/createMemoryStore.ts';
export { checkObjects } from './objects/checkObjects.ts';
export { createObjectStore, type ObjectStoreOptions } from './objects/createObjectStore.ts';
export type { ObjectEntry, ObjectPort } from './objects/ObjectPort.ts';
export { completeResult } from './results/completeResult.ts';
export { COMPUTED_FILE, OUTPUT_FOLDER } from './results/computedFile.ts';
export { createArchive } from './results/createArchive.ts';
export type { DigestOptions, ResultDigest } from './results/digestOf.ts';
export { isEncryptedArchive } from './results/encryptedArchive.ts';
export { ENCRYPTED_FILES } from './results/encryptedFiles.ts';
export { extractArchive } from './results/extractArchive.ts';
export { type PackInput, packResult } from './results/packResult.ts';
export type { ArchiveLimits } from './results/readArchive.ts';
export { archiveDigest, resultDigest } from './results/resultDigest.ts';
export { createS3Objects, type S3Options } from './s3/createS3Objects.ts';
export { parseS3Url, type S3Place } from './s3/parseS3Url.ts';
export type { S3Credentials } from './s3/S3Credentials.ts';
