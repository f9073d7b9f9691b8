export {
  type AttestRequest,
  createDevEnclaves,
  type Enclave,
  type EnclaveAnswer,
  type EnclaveBackend,
  measureEnclave,
  type RunRequest,
} from './host/createDevEnclaves.ts';
export { openResult, type SealedResult } from './host/openResult.ts';
export type { EnclaveResult } from './messages.ts';
export { type AnswerSubject, sealAnswer } from './sealedAnswer.ts';
