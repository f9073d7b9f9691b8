import { join } from 'node:path';

/** File of the development root, below the data folder. */
export const rootPathOf = (dataDir: string): string => join(dataDir, 'enclave', 'root.json');
