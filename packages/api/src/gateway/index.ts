export { listResults, MAX_RESULT_BYTES, type UploadedResult, uploadedResult } from './results.ts';
export {
  parseUploadAuthorization,
  signUpload,
  type UploadAuthorization,
  type UploadSigner,
  uploadHash,
} from './uploadAuthorization.ts';
