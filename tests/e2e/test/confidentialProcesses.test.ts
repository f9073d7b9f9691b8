import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '@gleaner/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  archiveOf,
  decrypt,
  expectEnclaved,
  expectFound,
  expectLabelled,
  expectNowhere,
  expectWithout,
  SECRETS,
} from '../src/confidentialChecks.ts';
import { type Confidential, type ConfidentialDeal, matchConfidential, prepareConfidential } from '../src/confidentialDeal.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { until } from '../src/until.ts';

const deep = Number(process.env['GLEANER_DEEP'] ?? 0) > 0;

/** Lines of the worker's log at which it is killed, in their order; the one worker there is must bring the task to its end itself. */
const STEPS = [
  ['starting its enclave', 'replicate.accepted'],
  ['with evidence, before it has asked for a session', 'enclave.attested'],
  ['with the secrets, while its enclave computes', 'enclave.authorised'],
  ['with a sealed answer', 'enclave.sealed'],
  ['with an open answer', 'enclave.answered'],
  ['with an archive uploaded', 'replicate.uploaded'],
] as const;

describe.runIf(deep)('every service a process of its own, over PostgreSQL, with one worker', () => {
  let postgres: TestPostgres;
  let database: TestDatabase;
  let net: TestNetwork;
  let confidential: Confidential;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    database = await postgres.createDatabase();
    net = await startTestNetwork({ workers: 1, databaseUrl: database.url });
    confidential = await prepareConfidential(net);
  });
  afterAll(async () => {
    await net?.close();
    await postgres?.close();
  });

  test('a confidential task completes, is labelled, and no log and no row of the database has a secret', async () => {
    const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
    const archive = await archiveOf(net, deal);
    expectFound(await decrypt(confidential, archive));
    expectWithout(archive, SECRETS, 'the archive');
    await expectEnclaved(net, deal);
    await expectLabelled(net, deal);
    await expectLabelledReceipt(deal);
    expectNowhere(net, SECRETS);
    expectWithout(await dump(database.url), SECRETS, 'the database');
  });

  test.each(STEPS)('the worker killed %s: it starts again and the task completes', async (_, event) => {
    const from = readLog().length;
    const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
    await until(
      `A line ${event}`,
      () =>
        readLog()
          .slice(from)
          .split('\n')
          .some((line) => line.includes(event) && line.includes(deal.taskId)),
      {
        everyMs: 2,
      },
    );
    const whenBack = await net.kill('worker-1');
    expectFound(await decrypt(confidential, await archiveOf(net, deal)));
    await expectEnclaved(net, deal);
    await whenBack();
  });

  test('the secret service killed while a task computes: the task completes', async () => {
    const from = readLog().length;
    const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
    await until('An enclave', () => readLog().slice(from).includes('enclave.attested'), { everyMs: 2 });
    const whenBack = await net.kill('secrets');
    expectFound(await decrypt(confidential, await archiveOf(net, deal)));
    await whenBack();
    expectNowhere(net, SECRETS);
  });

  /** So does whoever is shown a receipt of it, and whoever reads what it printed. */
  async function expectLabelledReceipt({ taskId }: ConfidentialDeal): Promise<void> {
    const path = join(net.dataDir, 'receipt.json');
    await net.gleaner(['task', 'receipt', taskId, '--out', path]);
    const { value } = await net.gleaner(['verify', path]);
    expect(value).toMatchObject({ taskId, enclave: { hardware: false, notice: 'simulated, no confidentiality' } });
  }

  function readLog(): string {
    return readFileSync(join(net.dataDir, 'logs', 'worker-1.log'), 'utf8');
  }
});

/** Every row of every table as text; bytes are hexadecimal digits in it. */
async function dump(url: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'",
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
      texts.push(...rows.map(({ text }) => text));
    }
    expect(texts.length).toBeGreaterThan(20);
    return Buffer.from(texts.join('\n'));
  } finally {
    await client.end();
  }
}
