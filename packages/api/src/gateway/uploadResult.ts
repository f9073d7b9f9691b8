import { GleanerError, type TaskId } from '@gleaner/primitives';
import { type UploadedResult, uploadedResult } from './results.ts';
import { send, type TransferOptions } from './transfer.ts';

/**
 * Uploads a result archive. Repeating it changes nothing.
 * @param upload.authorization from `signUpload`
 * @throws {GleanerError} forbidden, unauthorized, content-too-large, rate-limited, service-unreachable, timed-out, aborted
 */
export async function uploadResult(
  gatewayUrl: string,
  upload: { readonly taskId: TaskId; readonly archive: Uint8Array; readonly authorization: string },
  options: TransferOptions = {},
): Promise<UploadedResult> {
  const { taskId, archive, authorization } = upload;
  const url = new URL(`/v1/results/${taskId}`, gatewayUrl);
  const headers = { authorization, 'content-type': 'application/zip' };
  const answer = uploadedResult.safeParse(await send(url, { headers, body: archive as Uint8Array<ArrayBuffer> }, options));
  if (answer.success) return answer.data;
  throw new GleanerError('service-unreachable', 'The gateway took the result without naming its content id', { details: { taskId } });
}
