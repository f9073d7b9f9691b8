export {
  type AttestRequest,
  createDevEnclaves,
  type Enclave,
  type EnclaveAnswer,
  type EnclaveBackend,
  type RunRequest,
} from './host/createDevEnclaves.ts';
export { measureEnclave } from './host/measureEnclave.ts';
export { openResult, type SealedResult } from './host/openResult.ts';
export type { EnclaveResult } from './messages.ts';
export { type AnswerSubject, sealAnswer } from './sealedAnswer.ts';
