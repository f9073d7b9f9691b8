import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OpenNetwork, openNetwork } from './openNetwork.ts';

const BROWSER = '/usr/bin/chromium';
const START_MS = 170_000;

if (!existsSync(BROWSER)) test.skip(`the portal in a browser: ${BROWSER} is missing (apt-get install chromium)`);

describe.runIf(existsSync(BROWSER))('the portal in a browser', () => {
  let net: OpenNetwork;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let served: string[];

  beforeAll(async () => {
    net = await openNetwork();
    browser = await chromium.launch({ executablePath: BROWSER, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await net?.close();
  }, START_MS);

  beforeEach(async () => {
    complaints = [];
    served = [];
    page = await browser.newPage({ baseURL: net.network.portalUrl as string });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('response', async (response) => {
      if (response.url().startsWith(net.network.portalUrl as string)) served.push(await response.text().catch(() => ''));
    });
  });

  afterEach(async () => {
    await page.close();
    const keys = Object.values(net.network.accounts).map(({ privateKey }) => privateKey.slice(2));
    expect(served.filter((text) => keys.some((key) => text.includes(key)))).toEqual([]);
  });

  // biome-ignore lint/performance/useDomNodeTextContent: what people see, cells apart, nothing hidden
  const textOf = (selector: string) => page.locator(selector).innerText();

  test('a run is seen from the overview to the last payout', async () => {
    await page.goto('/');
    await page.getByText('No deal was made on this network yet').waitFor();
    await page.getByRole('rowheader', { name: 'worker-3' }).waitFor();
    const run = net.run();

    await page.locator('.panel a[href^="/deals/0x"]').first().click();
    await page.getByRole('heading', { name: 'Deal', exact: true }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await page.getByText('--size 5 --playouts 20').waitFor();

    await page.locator('a[href^="/tasks/0x"]').first().click();
    await run;
    await page.locator('.title .status', { hasText: 'completed' }).waitFor();
    const task = await textOf('main');
    expect(task).toContain('Consensus: 3 of 3 contributions agree.');
    expect(task).toMatch(/Sum\s+1 RLC\s+1 RLC/);
    expect(task).toMatch(/worker-\d[\s\S]*completed/);
    const archive = await page.getByRole('link', { name: 'Download the archive' }).getAttribute('href');
    expect((await fetch(archive as string)).status).toBe(200);

    await page.getByText(/gleaner task logs 0x[0-9a-f]{64}/).waitFor();
    expect(complaints).toEqual([]);
  }, 150_000);

  test('offers and accounts', async () => {
    await page.goto('/market');
    await page.getByRole('table', { name: 'Open workerpool offers' }).waitFor();
    await page.getByText('99.9999 %').first().waitFor();

    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByLabel('Address of an account').fill('0x12');
    await page.keyboard.press('Enter');
    await page.getByText('An address is 0x and 40 hexadecimal digits.').waitFor();
    await page.getByLabel('Address of an account').fill(net.network.accounts.requester.address.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByText('Escrow, free').waitFor();
    await page.getByText(net.network.accounts.requester.address).waitFor();
    expect(complaints).toEqual([]);
  });

  test('an app says what it does, and a form of its manifest builds the command that runs it', async () => {
    const app = await net.publish();
    await page.goto('/market');
    await page.getByRole('table', { name: 'Open app offers' }).getByRole('link', { name: 'go-move' }).click();
    await page.getByRole('heading', { name: 'App', exact: true }).waitFor();
    await page.getByText('Best move in Go').waitFor();
    await page.getByLabel('size', { exact: true }).fill('99');
    await page.getByText('--size must be a whole number from 5 to 19').waitFor();
    await page.getByLabel('size', { exact: true }).fill('7');
    await page.getByLabel('moves', { exact: true }).fill('E5 C3');
    await page.getByLabel('to-play', { exact: true }).selectOption('white');
    const command = await textOf('output.command');
    expect(command.trim()).toBe(`npx gleaner run ${app} -- --size 7 --to-play white --moves 'E5 C3'`);
    expect(complaints).toEqual([]);
  });

  test('the keyboard reaches the content, and a service that is gone is named while the rest goes on', async () => {
    await page.route('**/deals?*', (route) => route.abort());
    await page.goto('/');
    await page.getByText('Could not read the deals').waitFor();
    await page.getByText('service-unreachable').waitFor();
    await page.getByRole('rowheader', { name: 'worker-1' }).filter({ hasText: 'enclave: simulated, no confidentiality' }).waitFor();
    await page.unroute('**/deals?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Could not read the deals').waitFor({ state: 'detached' });

    await page.goto('/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Skip to the content');
  });

  test('ids that nobody knows and pages that do not exist say so', async () => {
    await page.goto(`/find?q=0x${'12'.repeat(32)}`);
    await page.getByText('task-not-found').first().waitFor();
    expect(new URL(page.url()).pathname).toBe(`/tasks/0x${'12'.repeat(32)}`);
    expect((await page.goto('/nothing/here'))?.status()).toBe(404);
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
  });
});
