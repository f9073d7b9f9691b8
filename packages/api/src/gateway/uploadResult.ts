import { GleanerError, type TaskId } from '@gleaner/primitives';
import { ENCLAVE_HEADER } from './enclaveUpload.ts';
import { type UploadedResult, uploadedResult } from './results.ts';
import { send, type TransferOptions } from './transfer.ts';

/**
 * Uploads a result archive. Repeating it changes nothing.
 * @param upload.authorization from `signUpload`
 * @param upload.enclave from `enclaveUpload`, for an archive that must be there before the task is settled
 * @throws {GleanerError} forbidden, unauthorized, content-too-large, rate-limited, service-unreachable, timed-out, aborted
 */
export async function uploadResult(
  gatewayUrl: string,
  upload: { readonly taskId: TaskId; readonly archive: Uint8Array; readonly authorization: string; readonly enclave?: string },
  options: TransferOptions = {},
): Promise<UploadedResult> {
  const { taskId, archive, authorization, enclave } = upload;
  const url = new URL(`/v1/results/${taskId}`, gatewayUrl);
  const headers = {
    authorization,
    'content-type': 'application/zip',
    ...(enclave === undefined ? {} : { [ENCLAVE_HEADER]: enclave }),
  };
  const answer = uploadedResult.safeParse(await send(url, { headers, body: archive as Uint8Array<ArrayBuffer> }, options));
  if (answer.success) return answer.data;
  throw new GleanerError('service-unreachable', 'The gateway took the result without naming its content id', { details: { taskId } });
}
