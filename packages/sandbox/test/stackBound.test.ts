import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENGINE_FLAGS } from '../src/runner/launch.ts';
import { otherNodes } from './otherNodes.ts';
import { stageCode } from './stageCode.ts';

const run = promisify(execFile);
/** Small, so that the engine's stack is full soon. */
const ENGINE_STACK_KIB = 2_000;
const nodes = [{ path: process.execPath, version: process.versions.node }, ...otherNodes({ fetch: false })];

let folder: string;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-stack-'));
  script = await stageCode('packages/sandbox/test/measureStack.ts', folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(nodes)('the counted stack is larger than the one the engine uses, in Node $version', { timeout: 240_000 }, async ({ path }) => {
  const flags = ENGINE_FLAGS.filter((flag) => !flag.startsWith('--stack-size'));
  for (const tiers of [flags, []]) {
    const { stdout } = await run(path, [`--stack-size=${ENGINE_STACK_KIB}`, ...tiers, script]);
    const counted = Object.entries(JSON.parse(stdout) as Record<string, number>);
    expect(counted.length).toBeGreaterThan(50);
    for (const [shape, bytes] of counted) expect(bytes, shape).toBeGreaterThan(ENGINE_STACK_KIB * 1024);
  }
});
