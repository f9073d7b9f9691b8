/** Reading results without Node: for browsers and published packages. */
export { ENCRYPTED_FILES, isEncryptedTree } from './results/encryptedFiles.ts';
export { openArchive, treeDigest } from './results/openArchive.ts';
export { type ResultFile, type ResultTree, readWhole } from './results/ResultTree.ts';
