import { formatTag, type TagName } from '@gleaner/protocol';
import type { NetworkDescription } from '@gleaner/sdk';
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { NetworkContext } from '../src/network/NetworkContext.ts';
import { TaskSummary } from '../src/tasks/TaskSummary.tsx';
import type { TaskReading } from '../src/tasks/taskQuery.ts';
import type { PoolWorker } from '../src/workers/poolQuery.ts';
import { WorkerTable } from '../src/workers/WorkerTable.tsx';

const NOTICE = 'simulated, no confidentiality';
const ACCOUNT = `0x${'12'.repeat(20)}` as const;

describe('what runs in a simulated enclave says so', () => {
  test('a task, for every tag that asks for an enclave, and no other task', () => {
    for (const tags of [['tee'], ['tee', 'tdx'], ['tee', 'gpu']] as const)
      expect(taskPage(tags)).toContain(`Enclave: <strong>${NOTICE}</strong>`);
    expect(taskPage([])).not.toContain('Enclave');
  });

  test('a worker that runs them, and no other worker', () => {
    const workers = [workerNamed('one', { enclave: { hardware: false, notice: NOTICE } }), workerNamed('two')];
    const rows = render(WorkerTable, { workers }).split('<tr>');
    expect(rows.filter((row) => row.includes('>one') && row.includes(NOTICE))).toHaveLength(1);
    expect(rows.filter((row) => row.includes('>two') && row.includes('enclave'))).toHaveLength(0);
  });
});

function taskPage(tags: readonly TagName[]): string {
  const price = { price: 0n, pointer: ACCOUNT, owner: ACCOUNT };
  const deal = { tag: formatTag(tags), app: price, dataset: price, workerpool: price, requester: ACCOUNT };
  const task = {
    taskId: `0x${'34'.repeat(32)}`,
    dealId: `0x${'56'.repeat(32)}`,
    deal,
    pool: {},
    finalDeadline: 4e9,
    workerNames: new Map(),
  };
  return render(TaskSummary, { task: task as unknown as TaskReading });
}

const workerNamed = (name: string, fields: Partial<PoolWorker> = {}): PoolWorker => ({
  walletAddress: ACCOUNT,
  name,
  score: 1n,
  kinds: ['wasi'],
  slots: 1,
  busy: 0,
  lastSeenMs: 0,
  ...fields,
});

function render<P extends object>(component: FunctionComponent<P>, props: P): string {
  const network = { chainId: 1_337_001, services: {} } as NetworkDescription;
  return renderToStaticMarkup(createElement(NetworkContext.Provider, { value: network }, createElement(component, props)));
}
