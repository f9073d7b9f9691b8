export {
  closeEnclaveSession,
  createEnclaveChallenge,
  enclaveApprovalHash,
  enclaveClosingHash,
  enclaveSessionHash,
  getEnclaveTerms,
  openEnclaveSession,
  RELEASE_INFO,
  type ReleasedSecrets,
  releasedSecrets,
} from './enclaves.ts';
export { MAX_SECRET_BYTES, secretKey } from './fields.ts';
export { createTeeChallenge, createTeeSession, getTeeFramework, getTeeProperties } from './framework.ts';
export { secretHash } from './secretHash.ts';
export {
  checkAccountSecret,
  checkAppSecret,
  checkDatasetSecret,
  checkRequesterSecret,
  pushAccountSecret,
  pushAppSecret,
  pushDatasetSecret,
  pushRequesterSecret,
  replaceAccountSecret,
} from './secrets.ts';
