import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { dealsOnChain, findDisagreements } from '../src/agreement.ts';
import { probeWasm } from '../src/clone.ts';
import { createRandom } from '../src/seededRandom.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { Traffic } from '../src/Traffic.ts';
import { expectCompleted, expectNothingTwice, whenEnded } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
/** How often every process is killed. */
const ROUNDS = DEEP ? 3 : 1;
const WORKERS = 3;
const SUPERVISOR = 'supervisor';
/** How long books, deals and tasks may differ from the chain after the last process was killed. */
const AGREEMENT_MS = 30_000;
const TIMEOUT_MS = 300_000 * ROUNDS;
const random = createRandom('killed anywhere');

let postgres: TestPostgres | undefined;
let net: TestNetwork | undefined;
afterAll(() => postgres?.close());

// With a process for each service it takes a minute more: npm run test:deep.
describe.each(DEEP ? ['one process for the services', 'a process for each service'] : ['one process for the services'])('%s', (shape) => {
  afterAll(() => net?.close());

  test(
    `every process killed at random moments, ${ROUNDS} times: books, deals and tasks agree with the chain within 30 s (GLEANER_SEED=${random.seed})`,
    async () => {
      const databaseUrl = shape === 'a process for each service' ? await newDatabase() : undefined;
      net = await startTestNetwork({ workers: WORKERS, ...(databaseUrl && { databaseUrl }) });
      const traffic = new Traffic(net, random, readFileSync(probeWasm));
      traffic.start();
      await until('A deal', () => traffic.deals > 0);
      for (let round = 0; round < ROUNDS; round += 1) await killEverything(net);
      await traffic.stop();
      const network = net;
      let found: string[] = [];
      await until(
        'Agreement with the chain',
        async () => {
          found = await findDisagreements(network, traffic.offers);
          return found.length === 0;
        },
        { timeoutMs: AGREEMENT_MS, everyMs: 250 },
      ).catch((error: Error) => expect.soft([error.message, ...found, error.cause]).toEqual([]));

      const deals = await dealsOnChain(net);
      expect(deals.length).toBeGreaterThanOrEqual(traffic.deals);
      const taskIds = deals.flatMap((deal) => deal.taskIds);
      expectCompleted(await whenEnded(net, taskIds));
      await expectNothingTwice(net, taskIds);
      await until('Agreement at the end', async () => (await findDisagreements(network, traffic.offers)).length === 0);
      console.log(
        `${shape}: ${deals.length} deals, ${traffic.offers.length} offers; users were told`,
        Object.fromEntries(traffic.refusals),
      );
    },
    TIMEOUT_MS,
  );
});

/** kill -9 of each process that the network has, in random order; half of them while the one before is not back yet. */
async function killEverything(network: TestNetwork): Promise<void> {
  const parts = network.parts().filter((part) => part.process !== undefined);
  for (const name of random.sample([...parts.map((part) => part.name), SUPERVISOR], parts.length + 1)) {
    await sleep(random.integer(0, 2_500));
    if (name === SUPERVISOR) {
      await network.killSupervisor();
      await network.up();
      continue;
    }
    const whenBack = await killWhenRunning(network, name);
    if (random.integer(0, 1) === 0) await whenBack();
  }
}

/** A process that died with the chain, or for its sake, is killed when it is there again. */
const killWhenRunning = (network: TestNetwork, name: string) => until(`The death of ${name}`, () => network.kill(name), { everyMs: 50 });

async function newDatabase(): Promise<string> {
  postgres = await startTestPostgres();
  return (await postgres.createDatabase()).url;
}
