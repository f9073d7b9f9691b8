import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AssetReader,
  type Chain,
  contribute,
  contributeAndFinalize,
  createSender,
  type HubReader,
  readAsset,
  readHub,
  reveal,
  topUpEscrow,
} from '@gleaner/chain';
import { type Address, type Cid, type DealId, GleanerError, isGleanerError, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { decodeMultiaddr, encodeResultLink, isTeeTag } from '@gleaner/protocol';
import type { LocalAccount } from 'viem';
import type { ChainPort, TaskOnChain, TaskTerms } from '../ports.ts';

/** How long transactions of an earlier life of this worker are waited for at start. */
const SETTLE_MS = 15_000;

/**
 * The hub as a worker needs it. Waits first until transactions of an earlier life are mined, so that a contribution
 * that was sent just before a kill is seen on chain instead of being sent again.
 */
export async function createChainPort({ chain, account }: { chain: Chain; account: LocalAccount }): Promise<ChainPort> {
  const hub = readHub(chain);
  const assets = readAsset(chain);
  const worker = account.address;
  await settlePending(chain, worker);
  const sender = createSender({ chain, account });

  return {
    worker,
    head: () => chain.head(),
    readTerms: (dealId) => readTerms(hub, assets, dealId),
    readDatasetLocations: (datasets) => Promise.all(datasets.map((dataset) => locationOf(assets, dataset))),
    readTasks: (taskIds) => readTasks(hub, worker, taskIds),
    async contribute({ taskId, resultHash, resultSeal, authorization, enclave }, signal) {
      const proof = enclave === undefined ? {} : { enclaveChallenge: enclave.address, enclaveSign: enclave.sign };
      await contribute(sender, { taskId, resultHash, resultSeal, authorizationSign: authorization, ...proof }, { signal });
    },
    async contributeAndFinalize({ taskId, digest, cid, callbackData, authorization, enclave }, signal) {
      await contributeAndFinalize(
        sender,
        {
          taskId,
          digest,
          results: encodeResultLink(cid as Cid),
          ...(callbackData === undefined ? {} : { resultsCallback: callbackData }),
          enclaveChallenge: enclave.address,
          enclaveSign: enclave.sign,
          authorizationSign: authorization,
        },
        { signal },
      );
    },
    async reveal(taskId, digest, signal) {
      await reveal(sender, { taskId, digest }, { signal });
    },
    putUpStake: (target, signal) => topUpEscrow(sender, { target }, { signal }),
    close: () => sender.close(),
  };
}

async function readTerms(hub: HubReader, assets: AssetReader, dealId: DealId): Promise<TaskTerms> {
  const deal = await hub.viewDeal(dealId);
  if (deal === undefined) throw new GleanerError('deal-not-found', `The hub knows no deal ${dealId}`, { details: { dealId } });
  const hasDataset = deal.dataset.pointer !== ZERO_ADDRESS;
  const [app, dataset] = await Promise.all([
    assets.getApp(deal.app.pointer),
    hasDataset ? assets.getDataset(deal.dataset.pointer) : undefined,
  ]);
  return {
    app: { address: deal.app.pointer, type: app.type, multiaddr: decodeMultiaddr(app.multiaddr), checksum: app.checksum },
    dataset: deal.dataset.pointer,
    ...(dataset && { datasetMultiaddr: decodeMultiaddr(dataset.multiaddr) }),
    params: deal.params,
    botFirst: deal.botFirst,
    botSize: deal.botSize,
    callback: deal.callback !== ZERO_ADDRESS,
    enclave: isTeeTag(deal.tag),
    tag: deal.tag,
    trust: deal.trust,
    workerStake: deal.workerStake,
  };
}

async function readTasks(hub: HubReader, worker: Address, taskIds: readonly TaskId[]): Promise<Map<TaskId, TaskOnChain>> {
  const [tasks, contributions] = await Promise.all([
    hub.viewTasks(taskIds),
    hub.viewContributions(taskIds.map((taskId) => ({ taskId, worker }))),
  ]);
  return new Map(
    taskIds.map((taskId, position) => {
      const task = tasks[position];
      const contribution = contributions[position];
      if (task === undefined || contribution === undefined) throw new GleanerError('chain-unreachable', 'The chain answered too few tasks');
      const { status, consensusValue, contributionDeadline, revealDeadline, finalDeadline } = task;
      return [taskId, { status, consensusValue, contributionDeadline, revealDeadline, finalDeadline, contribution: contribution.status }];
    }),
  );
}

async function locationOf(assets: AssetReader, dataset: Address): Promise<string> {
  try {
    return decodeMultiaddr((await assets.getDataset(dataset)).multiaddr);
  } catch (error) {
    if (!isGleanerError(error) || error.code !== 'resource-not-deployed') throw error;
    throw new GleanerError('bulk-order-refused', `${dataset}, which the bulk names, is no data set`, { details: { dataset } });
  }
}

async function settlePending(chain: Chain, address: `0x${string}`): Promise<void> {
  const end = Date.now() + SETTLE_MS;
  while (Date.now() < end) {
    const [latest, pending] = await chain.attempt((client) =>
      Promise.all([client.getTransactionCount({ address }), client.getTransactionCount({ address, blockTag: 'pending' })]),
    );
    if (pending <= latest) return;
    await sleep(200);
  }
}
