export {
  type AttestRequest,
  createDevEnclaves,
  type Enclave,
  type EnclaveBackend,
  type EnclaveResult,
  measureEnclave,
  type RunRequest,
} from './host/createDevEnclaves.ts';
