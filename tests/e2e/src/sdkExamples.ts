import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goMoveWasm } from './clone.ts';
import { secretWasm } from './confidentialDeal.ts';
import { type InstalledSdk, installSdk } from './sdkPackage.ts';
import type { TestNetwork } from './startTestNetwork.ts';

const BROWSER = '/usr/bin/chromium';
const ARGS = ['--size', '5', '--playouts', '20'];
const DATA = 'the colour of the third box is green\n';

/** The examples of packages/sdk/examples, each run as it stands, with the packed SDK, on the network given. */
export function testSdkExamples(network: () => TestNetwork): void {
  describe('the examples of the SDK, with its package in an empty folder', () => {
    let scratch: ScratchFolder;
    let sdk: InstalledSdk;
    let env: { readonly GLEANER_NETWORK: string; readonly RECEIPT: string };
    // What one role leaves for the next.
    let app = '';
    let confidential: { readonly taskId: string; readonly privateKey: string };

    beforeAll(async () => {
      scratch = createScratchFolder('sdk');
      const folder = join(scratch.path, 'stranger');
      await mkdir(folder);
      sdk = await installSdk(folder, { registry: (process.env['GLEANER_DEEP'] ?? '') !== '' });
      env = { GLEANER_NETWORK: join(network().dataDir, 'network.json'), RECEIPT: join(scratch.path, 'receipt.json') };
      console.info(`The SDK's package is run by Node ${sdk.nodeVersion}`);
    });
    afterAll(() => scratch?.remove());

    test('a developer publishes an app', async () => {
      const published = await sdk.example('publishApp', [goMoveWasm], env);
      expect(published).toMatchObject({ owner: network().address('appOwner'), offers: 1 });
      app = published.app;
    });

    test('a requester runs it and checks the receipt', async () => {
      const run = await sdk.example('runAndCheck', [app, ...ARGS], env);
      expect(run).toMatchObject({ rules: 'passed', signatures: 'passed', files: expect.arrayContaining(['computed.json', 'stdout.txt']) });
      const { resultDigest, status } = await network().as('requester').hub.viewTask(run.taskId);
      expect({ digest: run.digest, status }).toEqual({ digest: resultDigest, status: 'completed' });
    });

    test('who stops watching finds the deal at its end later', async () => {
      expect(await sdk.example('watchDeal', [app, ...ARGS], env)).toMatchObject({ ending: 'stopped watching', status: 'completed' });
    });

    test('the owner of data sells its use, and a requester alone reads what came of it', async () => {
      const data = join(scratch.path, 'data.txt');
      await writeFile(data, DATA);
      const options = ['app', 'publish', secretWasm, '--name', 'reader', '--enclave', '--as', 'appOwner'];
      const { value: reader } = await network().gleaner(options);
      const sold = await sdk.example('sellDataset', [data, reader.app], env);
      expect(sold.isKeyKnown).toBe(true);
      confidential = await sdk.example('confidentialRun', [reader.app, sold.dataset], env);
      expect(confidential).toMatchObject({ sealed: true, opened: true });
      const { 'found.txt': found } = (confidential as unknown as { files: Record<string, string> }).files;
      expect(found?.split('\n')).toEqual(expect.arrayContaining(['IEXEC_REQUESTER_SECRET_1=open sesame', DATA.trim()]));
    });

    test('the operator of a pool makes an offer and takes it back', async () => {
      expect(await sdk.example('offerPool', [], env)).toMatchObject({ status: 'open', escrowFree: '0' });
    });

    if (!existsSync(BROWSER)) test.skip(`the SDK in a browser: ${BROWSER} is missing (apt-get install chromium)`);
    test.runIf(existsSync(BROWSER))('a page reads the book, a receipt and an encrypted result', async () => {
      const { accounts: _, adminRpcUrl: __, ...description } = network().network;
      const receipt = await readFile(env.RECEIPT, 'utf8');
      const read = await inPage(sdk.folder, { network: description, receipt, ...confidential });
      expect(read).toMatchObject({ rules: 'passed', signatures: 'passed', files: expect.arrayContaining(['found.txt']) });
      expect((read as { offers: number }).offers).toBeGreaterThan(0);
    });
  });
}

/** Calls the example of the browser in Chromium, with everything bundled as a page would have it. */
async function inPage(folder: string, input: unknown): Promise<unknown> {
  const build = await rolldown({ input: join(folder, 'inBrowser.js'), platform: 'browser', logLevel: 'silent' });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  const server = await serve(output[0].code);
  const browser = await chromium.launch({ executablePath: BROWSER, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    // As text: a function would reach the page the way the test runner has rewritten it.
    return await page.evaluate(`import('/page.js').then(({ readInPage }) => readInPage(${JSON.stringify(input)}))`);
  } finally {
    await browser.close();
    server.close();
  }
}

async function serve(script: string): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html').end(isScript ? script : '<title>page</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
