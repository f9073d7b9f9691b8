import { hubAbi } from '@gleaner/abi';
import { type Chain, decodeHubLogs, fetchLogs, type HubEvent } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { scoreAfterFault, scoreAfterSuccess } from '@gleaner/protocol';
import { pad, toEventSelector } from 'viem';

/** A contribution and where it stands; its transaction holds no verdict on the worker before it. */
export type ContributionPlace = Pick<HubEvent, 'blockNumber' | 'transactionIndex'> & { readonly worker: Address };

const VERDICTS = hubAbi
  .filter((item) => item.type === 'event' && (item.name === 'AccurateContribution' || item.name === 'FaultyContribution'))
  .map((item) => toEventSelector(item));

/** Score of each contributor when it contributed, by the fold of the hub's verdicts on it before. */
export async function foldScores(chain: Chain, contributions: readonly ContributionPlace[]): Promise<bigint[]> {
  const last = contributions.at(-1);
  if (last === undefined) return [];
  const workers = contributions.map(({ worker }) => pad(worker));
  const logs = await fetchLogs(chain, { from: 0n, to: last.blockNumber, address: chain.hubAddress, topics: [VERDICTS, workers] });
  const verdicts = decodeHubLogs(logs);
  return contributions.map((contribution) =>
    verdicts
      .filter((verdict) => isOf(verdict, contribution.worker) && isBefore(verdict, contribution))
      .reduce((score, { name }) => (name === 'AccurateContribution' ? scoreAfterSuccess(score) : scoreAfterFault(score)), 0n),
  );
}

const isOf = (event: HubEvent, worker: Address): boolean => 'worker' in event && event.worker.toLowerCase() === worker.toLowerCase();

function isBefore(event: ContributionPlace | HubEvent, other: ContributionPlace): boolean {
  return (
    event.blockNumber < other.blockNumber || (event.blockNumber === other.blockNumber && event.transactionIndex < other.transactionIndex)
  );
}
