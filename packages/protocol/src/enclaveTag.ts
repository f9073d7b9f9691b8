import { formatTag } from './tags.ts';

/** The bits that orders of confidential tasks carry, as stock clients set them: an enclave, of the framework TDX. */
export const ENCLAVE_TAG = formatTag(['tee', 'tdx']);
