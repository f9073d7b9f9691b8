import { SIMULATED } from '@gleaner/protocol';

/** Said at every start of a network whose enclaves keep nothing secret; a file of its own, since commands load nothing heavy before they must. */
export const ENCLAVES_LINE = `Enclaves: DEV ENCLAVE - NO CONFIDENTIALITY (${SIMULATED})`;
