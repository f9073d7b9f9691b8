import { join } from 'node:path';

/** Main file of an enclave process; always the source, which is what is measured. */
export const enclaveMain = join(import.meta.dirname, '..', 'enclaveMain.ts');
