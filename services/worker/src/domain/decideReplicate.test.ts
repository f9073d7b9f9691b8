import type { Bytes32, TaskId } from '@gleaner/primitives';
import { resultHash } from '@gleaner/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TaskOnChain } from '../ports.ts';
import { decideReplicate, mayGiveBack } from './decideReplicate.ts';
import type { Replicate } from './replicate.ts';

const TASK_ID = `0x${'11'.repeat(32)}` as TaskId;
const DIGEST = `0x${'22'.repeat(32)}` as Bytes32;
const OTHER = `0x${'33'.repeat(32)}` as Bytes32;

describe('decideReplicate', () => {
  test('computes, contributes, reveals and uploads in that order', () => {
    const { fresh, computed, asked, onChain } = setup();
    expect(decideReplicate(fresh, onChain({ status: 'active' }), 0n)).toEqual({ do: 'compute' });
    expect(decideReplicate(computed, onChain({ status: 'active' }), 0n)).toEqual({ do: 'contribute', digest: DIGEST });
    expect(decideReplicate(computed, onChain({ status: 'active', contribution: 'contributed' }), 0n)).toEqual({ do: 'wait' });
    expect(decideReplicate(computed, onChain({ status: 'revealing', contribution: 'contributed' }), 0n)).toEqual({
      do: 'reveal',
      digest: DIGEST,
    });
    expect(decideReplicate(computed, onChain({ status: 'revealing', contribution: 'proved' }), 0n)).toEqual({ do: 'wait' });
    expect(decideReplicate(asked, onChain({ status: 'revealing', contribution: 'proved' }), 0n)).toMatchObject({ do: 'upload' });
  });

  test('the result of an enclave is contributed, or settled at once where trust is 1; a restart needs the enclave no more', () => {
    const { computed, onChain } = setup();
    const enclave = { address: `0x${'44'.repeat(20)}`, sign: '0x', authorization: '0x' } as const;
    const made = (settlesAlone: boolean): Replicate => ({
      ...computed,
      computed: { digest: DIGEST, archivePath: '/result.zip', enclave: { ...enclave, settlesAlone } },
    });
    expect(decideReplicate(made(true), onChain({ status: 'active' }), 0n)).toEqual({ do: 'settle', digest: DIGEST });
    expect(decideReplicate(made(false), onChain({ status: 'active' }), 0n)).toEqual({ do: 'contribute', digest: DIGEST });
    expect(decideReplicate(made(true), onChain({ status: 'completed', contribution: 'proved' }), 0n)).toEqual({
      do: 'forget',
      because: 'completed',
    });
  });

  test('what an enclave left is opened before anything is sent, and not computed once more', () => {
    const { fresh, computed, onChain } = setup();
    const sealed = {
      address: `0x${'44'.repeat(20)}`,
      answer: '',
      sealedArchivePath: '/result.sealed',
      authorization: '0x',
      settlesAlone: true,
    } as const;
    expect(decideReplicate({ ...fresh, sealed }, onChain({ status: 'active' }), 0n)).toEqual({ do: 'unseal' });
    expect(decideReplicate({ ...fresh, sealed }, onChain({ status: 'unset' }), 0n)).toEqual({ do: 'wait' });
    expect(decideReplicate({ ...computed, sealed }, onChain({ status: 'active' }), 0n)).toMatchObject({ do: 'contribute' });
  });

  test('computes before the task is initialised, but sends nothing', () => {
    const { fresh, computed, onChain } = setup();
    expect(decideReplicate(fresh, onChain({ status: 'unset' }), 0n)).toEqual({ do: 'compute' });
    expect(decideReplicate(computed, onChain({ status: 'unset' }), 0n)).toEqual({ do: 'wait' });
  });

  test('never reveals for a value it did not compute', () => {
    const { computed, onChain } = setup();
    const lost = onChain({ status: 'revealing', contribution: 'contributed', consensusValue: resultHash(TASK_ID, OTHER) });
    expect(decideReplicate(computed, lost, 0n)).toEqual({ do: 'wait' });
  });

  test('law: it never sends a transaction the hub would refuse', () => {
    const { fresh, computed, asked } = setup();
    fc.assert(
      fc.property(fc.constantFrom(fresh, computed, asked), anyTask(), fc.bigInt({ min: 0n, max: 40n }), (replicate, task, now) => {
        const step = decideReplicate(replicate, task, now);
        if (step.do === 'contribute') {
          expect(task).toMatchObject({ status: 'active', contribution: 'unset' });
          expect(now < task.contributionDeadline).toBe(true);
        }
        if (step.do === 'reveal') {
          expect(task).toMatchObject({ status: 'revealing', contribution: 'contributed' });
          expect(now < task.revealDeadline).toBe(true);
          expect(resultHash(TASK_ID, step.digest)).toBe(task.consensusValue);
        }
      }),
    );
  });

  test('law: a task that holds the worker’s stake is never given back', () => {
    fc.assert(fc.property(anyTask(), (task) => mayGiveBack(task) === (task.contribution === 'unset')));
  });

  test('law: a finished task is always forgotten', () => {
    const { fresh, computed, asked } = setup();
    fc.assert(
      fc.property(fc.constantFrom(fresh, computed, asked), anyTask(), (replicate, task) => {
        const ended = { ...task, status: 'failed' as const };
        expect(decideReplicate(replicate, ended, 0n).do).toBe('forget');
        expect(decideReplicate(replicate, { ...task, status: 'completed' }, 0n).do).toBe('forget');
      }),
    );
  });
});

function anyTask(): fc.Arbitrary<TaskOnChain> {
  return fc.record({
    status: fc.constantFrom('unset', 'active', 'revealing', 'completed', 'failed'),
    consensusValue: fc.constantFrom(resultHash(TASK_ID, DIGEST), resultHash(TASK_ID, OTHER)),
    contributionDeadline: fc.bigInt({ min: 0n, max: 40n }),
    revealDeadline: fc.bigInt({ min: 0n, max: 40n }),
    finalDeadline: fc.bigInt({ min: 0n, max: 40n }),
    contribution: fc.constantFrom('unset', 'contributed', 'proved', 'rejected'),
  });
}

function setup() {
  const fresh: Replicate = {
    taskId: TASK_ID,
    uploadRequested: false,
    assignment: {
      taskId: TASK_ID,
      dealId: `0x${'44'.repeat(32)}` as Replicate['assignment']['dealId'],
      index: 0,
      authorization: '0x',
      limits: { fuel: 1n, memoryBytes: 1, stackBytes: 1, outputBytes: 1, outputFiles: 1, stdioBytes: 1, wallMs: 1 },
    },
  };
  const computed: Replicate = { ...fresh, computed: { digest: DIGEST, archivePath: '/result.zip' } };
  const asked: Replicate = { ...computed, uploadRequested: true };
  const onChain = (part: Partial<TaskOnChain>): TaskOnChain => ({
    status: 'active',
    consensusValue: resultHash(TASK_ID, DIGEST),
    contributionDeadline: 70n,
    revealDeadline: 90n,
    finalDeadline: 100n,
    contribution: 'unset',
    ...part,
  });
  return { fresh, computed, asked, onChain };
}
