import { request } from 'node:http';
import { createClient, listResults, signUpload } from '@gleaner/api';
import { computeCid } from '@gleaner/content';
import type { TaskId } from '@gleaner/primitives';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { archiveOf, openGateway, TASK, type TestGateway, upload } from './testGateway.ts';

const OTHER_TASK = `0x${'8b'.repeat(32)}` as TaskId;

describe('uploading a result', () => {
  it('stores, pins and names the archive of a worker that the chain knows as a winner', async () => {
    const gateway = await openGateway();
    const archive = archiveOf('E5');
    const cid = await computeCid(archive);
    const response = await upload(gateway, archive);
    expect([response.status, await response.json()]).toEqual([200, { ok: true, cid, location: `/ipfs/${cid}`, sizeBytes: archive.length }]);
    expect(await gateway.content.isPinned(cid)).toBe(true);
    const back = await fetch(`${gateway.url}/ipfs/${cid}`, { headers: { accept: 'application/zip' } });
    expect(Buffer.compare(Buffer.from(await back.arrayBuffer()), archive)).toBe(0);
    expect(await list(gateway, TASK)).toEqual([{ worker: gateway.worker.address, cid, location: `/ipfs/${cid}` }]);
    expect(await list(gateway, OTHER_TASK)).toEqual([]);
  });

  it('may be repeated', async () => {
    const gateway = await openGateway();
    for (let i = 0; i < 5; i += 1) expect((await upload(gateway, archiveOf('same'))).status).toBe(200);
    expect(await list(gateway, TASK)).toHaveLength(1);
  });

  it('takes few different archives of one worker', async () => {
    const gateway = await openGateway();
    const statuses = [];
    for (const text of ['1', '2', '3', '4', '1']) statuses.push((await upload(gateway, archiveOf(text))).status);
    expect(statuses).toEqual([200, 200, 200, 403, 200]);
  });

  it('is refused unless the worker itself signed for this task and these bytes', async () => {
    const gateway = await openGateway();
    const stranger = privateKeyToAccount(generatePrivateKey());
    const archive = archiveOf('E5');
    const cid = await computeCid(archive);
    const theirs = await signUpload(stranger, { taskId: TASK, cid });
    const cases = [
      ['no authorization', await upload(gateway, archive, { authorization: '' }), 401],
      ['another form', await upload(gateway, archive, { authorization: 'Bearer abc' }), 401],
      ['a stranger under its own name', await upload(gateway, archive, { account: stranger }), 403],
      [
        'a stranger under the name of the worker',
        await upload(gateway, archive, { authorization: theirs.replace(stranger.address, gateway.worker.address) }),
        401,
      ],
      ['a signature for another task', await upload(gateway, archive, { signed: { taskId: OTHER_TASK } }), 401],
      ['a signature for other bytes', await upload(gateway, archive, { signed: { cid: await computeCid(archiveOf('D4')) } }), 400],
      ['a signature for no content id', await upload(gateway, archive, { signed: { cid: 'nonsensenonsense' } }), 400],
      ['a zero signature', await upload(gateway, archive, { authorization: `${gateway.worker.address}_${cid}_0x${'00'.repeat(65)}` }), 401],
      ['a task id that is none', await upload(gateway, archive, { taskId: '0x12' as TaskId }), 400],
    ] as const;
    for (const [what, response, status] of cases) {
      const body = (await response.json()) as { ok: boolean; code: string };
      expect([what, response.status, body.ok, typeof body.code]).toEqual([what, status, false, 'string']);
    }
    expect(await gateway.content.pins()).toEqual([]);
    expect(await list(gateway, TASK)).toEqual([]);
  });

  it('follows the chain at the moment of the upload', async () => {
    const gateway = await openGateway();
    const { address } = gateway.worker;
    gateway.decisions.set(address, { allowed: false, code: 'forbidden', message: 'The task is active' });
    expect((await upload(gateway, archiveOf('x'))).status).toBe(403);
    gateway.decisions.set(address, { allowed: false, code: 'task-not-found', message: 'unknown' });
    expect((await upload(gateway, archiveOf('x'))).status).toBe(404);
    gateway.decisions.set(address, { allowed: true });
    expect((await upload(gateway, archiveOf('x'))).status).toBe(200);
  });

  it('refuses what is no archive or too large', async () => {
    const gateway = await openGateway({ limits: { maxResultBytes: 2_000_000 } });
    const text = new TextEncoder().encode('no zip at all');
    const cases = [
      [await upload(gateway, text), 400],
      [await upload(gateway, new Uint8Array()), 400],
      [await upload(gateway, archiveOf('x'), { type: 'text/plain' }), 400],
      [await upload(gateway, large(2_000_001)), 413],
      [await upload(gateway, large(5_000_000)), 413],
    ] as const;
    for (const [response, status] of cases)
      expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ ok: false })]);
    expect(await gateway.content.pins()).toEqual([]);
    expect((await upload(gateway, large(2_000_000))).status).toBe(200);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    const gateway = await openGateway();
    const archive = large(1_000_000);
    const authorization = await signUpload(gateway.worker, { taskId: TASK, cid: await computeCid(archive) });
    const headers = { authorization, 'content-type': 'application/zip', 'content-length': archive.length };
    await new Promise<void>((resolve) => {
      const sending = request(`${gateway.url}/v1/results/${TASK}`, { method: 'POST', headers });
      sending.on('error', () => resolve());
      sending.write(archive.subarray(0, 600_000), () => setTimeout(() => sending.destroy(), 50));
    });
    expect(await list(gateway, TASK)).toEqual([]);
    expect(await gateway.content.pins()).toEqual([]);
    expect((await upload(gateway, archive)).status).toBe(200);
  });
});

/** Bytes that begin like an archive. */
function large(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size).fill(7);
  bytes.set(archiveOf('x').subarray(0, 4));
  return bytes;
}

async function list({ url }: TestGateway, taskId: TaskId) {
  return (await createClient({ baseUrl: url }).call(listResults, { params: { taskId } })).results;
}
