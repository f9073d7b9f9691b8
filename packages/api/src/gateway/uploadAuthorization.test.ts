import type { Cid, TaskId } from '@gleaner/primitives';
import { encodePacked, keccak256, recoverMessageAddress, toHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { parseUploadAuthorization, signUpload, uploadHash } from './uploadAuthorization.ts';

const account = privateKeyToAccount(generatePrivateKey());
const taskId = `0x${'ab'.repeat(32)}` as TaskId;
const cid = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o' as Cid;

describe('upload authorization', () => {
  it('signs the documented bytes', async () => {
    const packed = encodePacked(
      ['bytes32', 'address', 'bytes32', 'bytes32'],
      [keccak256(toHex('Gleaner result upload v1')), account.address, taskId, keccak256(toHex(cid))],
    );
    expect(uploadHash({ worker: account.address, taskId, cid })).toBe(keccak256(packed));
  });

  it('carries worker, content id and a signature by the worker', async () => {
    const parsed = parseUploadAuthorization(await signUpload(account, { taskId, cid }));
    expect(parsed).toMatchObject({ worker: account.address, cid });
    const raw = uploadHash({ worker: account.address, taskId, cid });
    expect(await recoverMessageAddress({ message: { raw }, signature: parsed.signature })).toBe(account.address);
  });

  it('binds worker, task and content', () => {
    const hashes = [
      uploadHash({ worker: account.address, taskId, cid }),
      uploadHash({ worker: `0x${'11'.repeat(20)}`, taskId, cid }),
      uploadHash({ worker: account.address, taskId: `0x${'cd'.repeat(32)}` as TaskId, cid }),
      uploadHash({ worker: account.address, taskId, cid: `${cid}x` }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it.each([
    '',
    'Bearer x',
    `${account.address}_${cid}`,
    `${account.address}_${cid}_0x12`,
    `0x12_${cid}_0x${'00'.repeat(65)}`,
    `${account.address}_../../x_0x${'00'.repeat(65)}`,
  ])('refuses %j', (text) => {
    expect(() => parseUploadAuthorization(text)).toThrow(expect.objectContaining({ code: 'unauthorized' }));
  });
});
