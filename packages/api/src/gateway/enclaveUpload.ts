import { type Address, GleanerError, type Hex, isHex } from '@gleaner/primitives';
import { getAddress, isAddress } from 'viem/utils';

/** Header of an upload that comes before its task is settled. */
export const ENCLAVE_HEADER = 'x-enclave-authorization';

/** The pool's authorisation of worker, task and enclave: by it a worker of an enclave may upload while the task is active. */
export interface EnclaveAuthorization {
  readonly enclave: Address;
  readonly authorization: Hex;
}

/** Longest authorisation, bytes: a signature of a key, or the statement of an operator. */
const MAX_BYTES = 4096;

/** Value of the header: `<enclave>_<authorisation>`. */
export function enclaveUpload({ enclave, authorization }: EnclaveAuthorization): string {
  return `${enclave}_${authorization}`;
}

/** @throws {GleanerError} unauthorized when the text does not have the form that `enclaveUpload` gives */
export function parseEnclaveUpload(text: string): EnclaveAuthorization {
  const [enclave = '', authorization, ...rest] = text.split('_');
  if (isAddress(enclave, { strict: false }) && isHex(authorization) && authorization.length <= 2 + 2 * MAX_BYTES && rest.length === 0)
    return { enclave: getAddress(enclave), authorization };
  throw new GleanerError('unauthorized', `${ENCLAVE_HEADER} must be <enclave>_<authorisation of the pool>`);
}
