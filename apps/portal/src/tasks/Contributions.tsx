import type { Address } from '@gleaner/primitives';
import type { ContributionRecord, TaskRecord } from '@gleaner/sdk';
import { Hash } from '../values/Identifier.tsx';
import { Status } from '../values/Status.tsx';
import { Time } from '../values/Time.tsx';
import { WorkerName } from './WorkerName.tsx';

interface ContributionsProps {
  readonly chain: TaskRecord | undefined;
  readonly names: ReadonlyMap<Address, string>;
}

/** The result hashes that workers committed to, and whether they agree. */
export function Contributions({ chain, names }: ContributionsProps) {
  if (chain === undefined) return <p className="empty">The task is not on chain yet.</p>;
  const { contributions, consensusValue } = chain;
  if (contributions.length === 0)
    return <p className="empty">{chain.status === 'failed' ? 'Nobody contributed.' : 'Nobody has contributed yet.'}</p>;
  return (
    <>
      <p>{agreement(contributions, consensusValue)}</p>
      <div className="scroll">
        <table>
          <caption className="hidden">Contributions</caption>
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col">Status</th>
              <th scope="col">Result hash</th>
              <th scope="col">Contributed</th>
              <th scope="col">Revealed</th>
              <th scope="col">Transaction</th>
            </tr>
          </thead>
          <tbody>
            {contributions.map((contribution) => (
              <tr key={contribution.worker}>
                <th scope="row">
                  <WorkerName of={contribution.worker} names={names} />
                </th>
                <td>
                  <Status of={contribution.status} />
                </td>
                <td>
                  <Hash of={contribution.resultHash} />{' '}
                  {consensusValue !== undefined && <Vote isWinner={contribution.resultHash === consensusValue} />}
                </td>
                <td>
                  <Time ms={contribution.contributedAt * 1000} />
                </td>
                <td>
                  {contribution.revealedAt === undefined ? <span className="quiet">no</span> : <Time ms={contribution.revealedAt * 1000} />}
                </td>
                <td>
                  <Hash of={contribution.transactionHash} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Vote({ isWinner }: { readonly isWinner: boolean }) {
  return <span className={isWinner ? 'vote good' : 'vote bad'}>{isWinner ? '= agrees' : '≠ differs'}</span>;
}

function agreement(contributions: readonly ContributionRecord[], consensusValue: string | undefined): string {
  const values = new Set(contributions.map(({ resultHash }) => resultHash)).size;
  if (consensusValue !== undefined) {
    const agreeing = contributions.filter(({ resultHash }) => resultHash === consensusValue).length;
    return `Consensus: ${agreeing} of ${contributions.length} contributions agree.`;
  }
  return values === 1
    ? 'No consensus yet; all contributions so far are equal.'
    : `No consensus yet; there are ${values} different results.`;
}
