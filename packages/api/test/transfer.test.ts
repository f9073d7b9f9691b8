import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TaskId } from '@gleaner/primitives';
import { afterEach, describe, expect, test } from 'vitest';
import { addContent, fetchContent, uploadResult } from '../src/index.ts';

const CID = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o';
const TASK = `0x${'1'.repeat(64)}` as TaskId;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

describe('content from a gateway', () => {
  test('comes whole', async () => {
    const url = await serve((_, response) => response.end('hello'));
    expect(new TextDecoder().decode(await fetchContent(url, CID, { maxBytes: 5 }))).toBe('hello');
  });

  test('that is larger than expected is refused, announced or not', async () => {
    const announced = await serve((_, response) => response.writeHead(200, { 'content-length': '6' }).end('hello!'));
    const silent = await serve((_, response) => {
      response.write('hel');
      response.end('lo!');
    });
    for (const url of [announced, silent]) {
      await expect(fetchContent(url, CID, { maxBytes: 5 })).rejects.toMatchObject({ code: 'content-too-large' });
    }
  });

  test('that breaks off is a failure of the service, not of the bytes', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('hel', () => response.destroy());
    });
    await expect(fetchContent(url, CID, { maxBytes: 100 })).rejects.toMatchObject({ code: 'service-unreachable' });
  });

  test('that is missing is named, whether the gateway is ours or not', async () => {
    const foreign = await serve((_, response) => response.writeHead(404).end('no'));
    const ours = await serve((_, response) => response.writeHead(404).end('{"ok":false,"error":"gone","code":"content-not-found"}'));
    for (const url of [foreign, ours]) {
      await expect(fetchContent(url, CID, { maxBytes: 1 })).rejects.toMatchObject({ code: 'content-not-found' });
    }
  });

  test('stops when the caller does', async () => {
    const stop = new AbortController();
    const url = await serve((_, response) => response.write('hel', () => stop.abort()));
    await expect(fetchContent(url, CID, { maxBytes: 100, signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('an upload', () => {
  test('gives the id in the last line of the answer', async () => {
    const url = await serve((_, response) => response.end(`{"Name":"a","Bytes":1}\n{"Name":"a","Hash":"${CID}","Size":"1"}\n`));
    expect(await addContent(url, new Uint8Array(1))).toBe(CID);
  });

  test.each(['', 'nonsense', '{}', '<html></html>'])('whose answer is %j failed', async (text) => {
    const url = await serve((_, response) => response.end(text));
    await expect(addContent(url, new Uint8Array(1))).rejects.toMatchObject({ code: 'service-unreachable' });
    const upload = { taskId: TASK, archive: new Uint8Array(1), authorization: 'x' };
    await expect(uploadResult(url, upload)).rejects.toMatchObject({ code: 'service-unreachable' });
  });

  test('that is refused carries the reason of the gateway', async () => {
    const url = await serve((_, response) => response.writeHead(507).end('{"ok":false,"error":"full","code":"quota-exceeded"}'));
    await expect(addContent(url, new Uint8Array(1))).rejects.toMatchObject({ code: 'quota-exceeded', message: 'full' });
  });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
