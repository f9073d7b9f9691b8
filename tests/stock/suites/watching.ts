import { dealOfApp } from '@gleaner/e2e/startDeal';
import type { Network } from '@gleaner/localnet';
import type { Address } from '@gleaner/primitives';
import type { IExec } from 'iexec';
import { beforeAll, describe, expect, test } from 'vitest';
import { lastOf } from '../src/lastOf.ts';
import { runningNetwork, sharedNetwork } from '../src/sharedNetwork.ts';
import { stockClient } from '../src/stockClient.ts';

describe('an app of type DOCKER that the stock client registered, dealt without an enclave', () => {
  let network: Network;
  let iexec: IExec;
  let dealid: string;
  let taskid: string;

  beforeAll(async () => {
    network = await sharedNetwork();
    const { address: owner, privateKey } = network.accounts.requester;
    iexec = stockClient(network, privateKey);
    const { multiaddr = '', checksum = '', args = '' } = network.stockApp ?? {};
    const { address: app } = await iexec.app.deployApp({ owner, name: 'known by its content', type: 'DOCKER', multiaddr, checksum });
    // this client would ask for an enclave
    const match = await dealOfApp(runningNetwork(), app as Address, { args: args.split(' '), trust: 1n });
    dealid = match.dealId;
    taskid = await iexec.deal.computeTaskId(dealid, 0);
  });

  test('is known by its content, computed, and watched by that client to its end', async () => {
    const ended = await lastOf(await iexec.deal.obsDeal(dealid));
    expect(ended).toMatchObject({ message: 'DEAL_COMPLETED', tasksCount: 1, completedTasksCount: 1 });
    expect(await lastOf(await iexec.task.obsTask(taskid))).toMatchObject({ message: 'TASK_COMPLETED' });
    expect(await iexec.task.show(taskid)).toMatchObject({ status: 3, statusName: 'COMPLETED', results: { storage: 'ipfs' } });
    await expect(iexec.task.claim(taskid)).rejects.toThrow('Cannot claim a task having status COMPLETED');
  });

  test('leaves a result that the client downloads', async () => {
    const response = await iexec.task.fetchResults(taskid);
    expect(response.status).toBe(200);
    const zip = Buffer.from(await response.arrayBuffer());
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(zip.includes('computed.json')).toBe(true);
  });

  test('finds the pool’s scheduler, which tells of the task', async () => {
    const { task, replicates } = await iexec.task.fetchOffchainInfo(taskid);
    expect(task.status).toBe('COMPLETED');
    expect(replicates.length).toBeGreaterThan(0);
  });

  test('shows what the program printed to its requester, and to nobody else', async () => {
    const logs = await iexec.task.fetchLogs(taskid);
    expect(logs.length).toBeGreaterThan(0);
    for (const log of logs)
      expect(log).toEqual({ worker: expect.stringMatching(/^0x/), stdout: expect.any(String), stderr: expect.any(String) });
    const other = stockClient(network, network.accounts.stranger.privateKey);
    await expect(other.task.fetchLogs(taskid)).rejects.toThrow(/requester/);
  });
});
