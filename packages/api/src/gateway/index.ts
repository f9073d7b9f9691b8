export { addContent } from './addContent.ts';
export { ENCLAVE_HEADER, type EnclaveAuthorization, enclaveUpload, parseEnclaveUpload } from './enclaveUpload.ts';
export { fetchContent, type ReadContentOptions, readContent } from './readContent.ts';
export { listResults, type UploadedResult, uploadedResult } from './results.ts';
export type { TransferOptions } from './transfer.ts';
export {
  parseUploadAuthorization,
  signUpload,
  type UploadAuthorization,
  type UploadSigner,
  uploadHash,
} from './uploadAuthorization.ts';
export { uploadResult } from './uploadResult.ts';
