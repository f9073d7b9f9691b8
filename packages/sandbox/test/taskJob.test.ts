import type { DealId, TaskId } from '@gleaner/primitives';
import { ZERO_ADDRESS } from '@gleaner/primitives';
import { executionLimits, formatParams, joinArgs } from '@gleaner/protocol';
import { anyBytes32 } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TaskTerms, taskJob } from '../src/index.ts';

const LIMITS = executionLimits(300n);
const files = (inputs: readonly string[]) => ({ program: { path: '/p.wasm' }, inputs, outputDir: '/out' });

describe('job of a task', () => {
  it('has every variable of the app environment, whatever the deal', () => {
    fc.assert(
      fc.property(anyTerms(), ({ terms, locations }) => {
        const { env, inputs } = taskJob(terms, files(locations), LIMITS);
        const names = inputs.map(({ name }) => name);
        // Source: the app environment of PoCo workers, spelled out once more.
        expect(env).toEqual({
          IEXEC_TASK_ID: terms.taskId,
          IEXEC_DEAL_ID: terms.dealId,
          IEXEC_TASK_INDEX: String(terms.index),
          IEXEC_IN: '/iexec_in',
          IEXEC_OUT: '/iexec_out',
          IEXEC_DATASET_ADDRESS: ZERO_ADDRESS,
          IEXEC_DATASET_FILENAME: ZERO_ADDRESS,
          IEXEC_BOT_SIZE: String(terms.botSize),
          IEXEC_BOT_FIRST_INDEX: String(terms.botFirst),
          IEXEC_BOT_TASK_INDEX: String(terms.index),
          IEXEC_INPUT_FILES_NUMBER: String(names.length),
          IEXEC_INPUT_FILES_FOLDER: '/iexec_in',
          ...Object.fromEntries(names.map((name, position) => [`IEXEC_INPUT_FILE_NAME_${position + 1}`, name])),
        });
        expect(names.every((name) => /^0x[0-9a-f]{64}$/.test(name))).toBe(true);
        expect(new Set(names).size).toBe(new Set(locations).size);
      }),
    );
  });

  it('gives the arguments back as they were asked for, and a seed of its own to every task', () => {
    fc.assert(
      fc.property(anyTerms(), anyBytes32(), ({ terms, locations, args }, other) => {
        const job = taskJob(terms, files(locations), LIMITS);
        expect(job.args).toEqual(args);
        expect(`0x${Buffer.from(job.seed).toString('hex')}`).toBe(terms.taskId);
        const twin = taskJob({ ...terms, taskId: other as Hex32 }, files(locations), LIMITS);
        expect(Buffer.compare(job.seed, twin.seed) === 0).toBe(terms.taskId === (other as Hex32));
      }),
    );
  });

  it('has one file for a location that is named twice, and names it twice to the program', () => {
    const params = formatParams({ iexec_input_files: ['http://h/ipfs/a', 'http://h/ipfs/b', 'http://h/ipfs/a'] });
    const [{ terms }] = fc.sample(anyTerms(), { numRuns: 1, seed: 1 }) as [ReturnType<typeof toTerms>];
    const { inputs, env } = taskJob({ ...terms, params }, files(['/a', '/b', '/a']), LIMITS);
    expect(inputs.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(env['IEXEC_INPUT_FILES_NUMBER']).toBe('3');
    expect([env['IEXEC_INPUT_FILE_NAME_3'], env['IEXEC_INPUT_FILE_NAME_2']]).toEqual([inputs[0]?.name, inputs[1]?.name]);
  });

  it('is refused for files that the request does not name', () => {
    const [{ terms, locations }] = fc.sample(anyTerms(), { numRuns: 1, seed: 1 }) as [ReturnType<typeof toTerms>];
    expect(() => taskJob(terms, files([...locations, '/more']), LIMITS)).toThrow(expect.objectContaining({ code: 'input-missing' }));
    expect(() => taskJob({ ...terms, params: "'open" }, files([]), LIMITS)).toThrow(expect.objectContaining({ code: 'order-invalid' }));
  });
});

type Hex32 = TaskId & DealId;

function anyTerms() {
  return fc
    .record({
      taskId: anyBytes32(),
      dealId: anyBytes32(),
      first: fc.bigInt({ min: 0n, max: 1_000n }),
      size: fc.bigInt({ min: 1n, max: 1_000n }),
      at: fc.nat(),
      args: fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 4 }),
      locations: fc.uniqueArray(fc.webUrl({ validSchemes: ['http', 'https'] }), { maxLength: 3 }),
    })
    .map(toTerms);
}

function toTerms(drawn: {
  taskId: string;
  dealId: string;
  first: bigint;
  size: bigint;
  at: number;
  args: readonly string[];
  locations: readonly string[];
}) {
  const { first, size, at, args, locations } = drawn;
  const terms: TaskTerms = {
    taskId: drawn.taskId as TaskId,
    dealId: drawn.dealId as DealId,
    index: first + (BigInt(at) % size),
    botFirst: first,
    botSize: size,
    dataset: ZERO_ADDRESS,
    params: formatParams({ iexec_args: joinArgs(args), iexec_input_files: [...locations] }),
    checksum: `0x${'00'.repeat(32)}`,
  };
  return { terms, locations, args };
}
