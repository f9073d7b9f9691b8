import { createApp, createDataset, createWorkerpool, initializeArray, matchOrders, type Sender } from '@gleaner/chain';
import { type Address, type Bytes32, type DealId, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import {
  formatTag,
  NULL_DATASET_ORDER,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypedData,
  type Signed,
  type TagName,
  tagFromBits,
} from '@gleaner/protocol';
import type { LocalAccount } from 'viem';
import { CONTENT, type TestSecrets } from './testSecrets.ts';

export interface TestDeal {
  readonly app: Address;
  readonly dataset: Address;
  readonly dealId: DealId;
  /** Initialised: ACTIVE. */
  readonly taskId: TaskId;
}

let deals = 0n;

/** A deal of one task, free of charge, over a new app and data set, whose request has these parameters and tag. */
export async function makeDeal(
  service: Pick<TestSecrets, 'senders' | 'testChain'>,
  { params, tags = ['tee', 'tdx'], withDataset = true }: { params: string; tags?: readonly TagName[]; withDataset?: boolean },
): Promise<TestDeal> {
  const { senders, testChain } = service;
  const { requester, appOwner, datasetOwner, workerpoolOwner } = senders;
  deals += 1n;
  const [app, dataset, pool] = await Promise.all([
    createApp(appOwner, { name: `app of deal ${deals}`, type: 'DOCKER', ...CONTENT }),
    createDataset(datasetOwner, { name: `data of deal ${deals}`, ...CONTENT }),
    createWorkerpool(workerpoolOwner, { description: `pool of deal ${deals}` }),
  ]);
  const domain = orderDomain({ chainId: testChain.chainId, hubAddress: testChain.hubAddress });
  const sign = async <K extends OrderKind>(kind: K, order: Orders[K], { account }: Sender): Promise<Signed<Orders[K]>> => {
    const typedData = orderTypedData(kind, order, domain) as Parameters<LocalAccount['signTypedData']>[0];
    return { ...order, sign: await account.signTypedData(typedData) };
  };
  const tag: Bytes32 = formatTag(tags);
  const terms = { volume: 1n, tag, salt: tagFromBits(deals) };
  const anyone = {
    apprestrict: ZERO_ADDRESS,
    datasetrestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
  };
  const { dealId } = await matchOrders(requester, {
    app: await sign('app', { app: app.address, appprice: 0n, ...terms, ...anyone }, appOwner),
    dataset: withDataset
      ? await sign('dataset', { dataset: dataset.address, datasetprice: 0n, ...terms, ...anyone }, datasetOwner)
      : { ...NULL_DATASET_ORDER, sign: '0x' },
    workerpool: await sign(
      'workerpool',
      { workerpool: pool.address, workerpoolprice: 0n, trust: 1n, category: 0n, ...terms, ...anyone },
      workerpoolOwner,
    ),
    request: await sign(
      'request',
      {
        app: app.address,
        appmaxprice: 0n,
        dataset: withDataset ? dataset.address : ZERO_ADDRESS,
        datasetmaxprice: 0n,
        workerpool: ZERO_ADDRESS,
        workerpoolmaxprice: 0n,
        requester: requester.address,
        beneficiary: requester.address,
        callback: ZERO_ADDRESS,
        params,
        trust: 1n,
        category: 0n,
        ...terms,
      },
      requester,
    ),
  });
  const { taskIds } = await initializeArray(workerpoolOwner, { dealId, indexes: [0n] });
  return { app: app.address, dataset: dataset.address, dealId, taskId: taskIds[0] as TaskId };
}
