import { type Address, type Bytes32, type Cid, GleanerError, type Hex, isHex, type TaskId } from '@gleaner/primitives';
import { concat, getAddress, isAddress, keccak256, toHex } from 'viem/utils';

/** Separates this message from every other that a worker signs. */
const DOMAIN = keccak256(toHex('Gleaner result upload v1'));

/** Who uploads what: everything that the signature binds, but the task, which the path names. */
export interface UploadAuthorization {
  readonly worker: Address;
  readonly cid: Cid;
  readonly signature: Hex;
}

/** As much of a viem account as is needed. */
export interface UploadSigner {
  readonly address: Address;
  signMessage(input: { readonly message: { readonly raw: Hex } }): Promise<Hex>;
}

/**
 * What a worker signs (personal_sign of these 32 bytes) to upload the result of a task:
 * keccak256(keccak256("Gleaner result upload v1") ‖ worker ‖ task id ‖ keccak256(content id as text)), packed.
 *
 * A task id belongs to one hub on one chain, and the content id to one archive, so a signature that somebody else repeats can only
 * store the same bytes for the same task again. It needs no time and no nonce.
 */
export function uploadHash({ worker, taskId, cid }: { readonly worker: Address; readonly taskId: TaskId; readonly cid: string }): Bytes32 {
  return keccak256(concat([DOMAIN, worker, taskId, keccak256(toHex(cid))])) as Bytes32;
}

/** Value of the `authorization` header of an upload: `<worker>_<content id>_<signature>`. */
export async function signUpload(
  signer: UploadSigner,
  { taskId, cid }: { readonly taskId: TaskId; readonly cid: string },
): Promise<string> {
  const signature = await signer.signMessage({ message: { raw: uploadHash({ worker: signer.address, taskId, cid }) } });
  return `${signer.address}_${cid}_${signature}`;
}

/** @throws {GleanerError} unauthorized when the text does not have the form that `signUpload` gives */
export function parseUploadAuthorization(text: string): UploadAuthorization {
  const [worker = '', cid = '', signature, ...rest] = text.split('_');
  const wellFormed = isAddress(worker, { strict: false }) && /^[A-Za-z0-9]{10,120}$/.test(cid) && rest.length === 0;
  if (!wellFormed || !isHex(signature) || signature.length !== 132) {
    throw new GleanerError('unauthorized', 'The authorization of an upload must be <worker>_<content id>_<signature>');
  }
  return { worker: getAddress(worker), cid: cid as Cid, signature };
}
