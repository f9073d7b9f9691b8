import type { ResultTree } from './ResultTree.ts';

/** Files of an archive that its beneficiary alone can open, as the stock client looks for them: the key under RSA, and what it encrypts. */
export const ENCRYPTED_FILES = { key: 'aes-key.rsa', result: 'iexec_out.zip.aes' } as const;

/** Whether these are the two files of an encrypted result. What is in it nobody but the beneficiary can say. */
export function isEncryptedTree(tree: ResultTree): boolean {
  const names = tree.map(({ path }) => path);
  return names.length === 2 && Object.values(ENCRYPTED_FILES).every((name) => names.includes(name));
}
