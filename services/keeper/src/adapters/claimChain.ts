import { hubAbi } from '@gleaner/abi';
import { type Chain, type Outbox, readHub, type Sender } from '@gleaner/chain';
import type { DealId, TaskId, UnixSeconds } from '@gleaner/primitives';
import { deadlines } from '@gleaner/protocol';
import { concat, keccak256 } from 'viem';
import type { Candidate } from '../domain/decideClaims.ts';
import type { ClaimChain, Overdue } from '../ports.ts';

/** Reads at the head, sends through the sender under effect keys made of the task ids. */
export function createClaimChain({
  chain,
  sender,
  outbox,
  signal,
}: {
  chain: Chain;
  sender: Sender;
  outbox: Outbox;
  signal: AbortSignal;
}): ClaimChain {
  const hub = readHub(chain);
  const finalDeadlineOf = async (id: DealId): Promise<UnixSeconds | undefined> => {
    const deal = await hub.viewDeal(id);
    if (deal === undefined) return undefined;
    const { workClockTimeRef } = await hub.viewCategory(deal.category);
    return deadlines({ startTime: deal.startTime, timeref: workClockTimeRef }).final;
  };
  const to = chain.hubAddress;
  return {
    now: async () => (await chain.head()).timestamp,
    read: async (tasks) => {
      const views = await hub.viewTasks(tasks.map(({ taskId }) => taskId));
      const unset = [...new Set(tasks.filter((_, n) => views[n]?.status === 'unset').map(({ dealId }) => dealId))];
      const finals = await Promise.all(unset.map(finalDeadlineOf));
      const finalOf = new Map(unset.map((dealId, n) => [dealId, finals[n]]));
      return tasks.flatMap((task, n) => {
        const view = views[n];
        const finalDeadline = view?.status === 'unset' ? finalOf.get(task.dealId) : view?.finalDeadline;
        return view === undefined || finalDeadline === undefined ? [] : [toCandidate(task, view.status, finalDeadline)];
      });
    },
    isBusy: async () => (await outbox.pending(sender.address)).length > 0,
    claim: async (tasks) => {
      const args = [tasks.map(({ taskId }) => taskId)] as const;
      await sender.send({ to, abi: hubAbi, functionName: 'claimArray', args, effect: effectOf('claim', tasks), signal });
    },
    initializeAndClaim: async (tasks) => {
      const args = [tasks.map(({ dealId }) => dealId), tasks.map(({ index }) => index)] as const;
      await sender.send({
        to,
        abi: hubAbi,
        functionName: 'initializeAndClaimArray',
        args,
        effect: effectOf('initializeAndClaim', tasks),
        signal,
      });
    },
  };
}

function toCandidate({ taskId, dealId, index }: Overdue, status: Candidate['status'], finalDeadline: UnixSeconds): Candidate {
  return { taskId, dealId, index, status, finalDeadline };
}

/** The same tasks in any order have the same key. */
function effectOf(name: string, tasks: readonly Candidate[]): string {
  const ids: TaskId[] = tasks.map(({ taskId }) => taskId).sort();
  return `keeper:${name}:${keccak256(concat(ids))}`;
}
