import { poolOperatorAbi } from '@gleaner/abi';
import { type Address, GleanerError, type NanoRlc, ZERO_ADDRESS } from '@gleaner/primitives';
import { getContract, isAddressEqual } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { readAsset } from '../reads/readAsset.ts';
import { operatorCode } from './operatorFactory.ts';

/** Settings of an operator contract. */
export interface OperatorInfo {
  readonly operator: Address;
  readonly owner: Address;
  /** Who may take ownership over. */
  readonly candidate?: Address;
  readonly agent: Address;
  /** nRLC per task. */
  readonly priceFloor: NanoRlc;
}

/** `undefined` for an address that holds anything but an operator of this release's code. */
export async function findOperator(chain: Chain, operator: Address): Promise<OperatorInfo | undefined> {
  const code = await chain.attempt((rpc) => rpc.getCode({ address: operator }), 'code');
  if (code?.toLowerCase() !== operatorCode(chain.hubAddress).toLowerCase()) return undefined;
  const { read } = getContract({ address: operator, abi: poolOperatorAbi, client: chain.client });
  const [owner, candidate, agent, priceFloor] = await chain.attempt(
    () => Promise.all([read.owner(), read.candidate(), read.agent(), read.priceFloor()]),
    'operator',
  );
  return { operator, owner, ...(candidate !== ZERO_ADDRESS && { candidate }), agent, priceFloor };
}

/** Who owns a workerpool, and the operator when it is one. @throws {GleanerError} resource-not-deployed */
export async function readPoolOwner(chain: Chain, workerpool: Address): Promise<{ owner: Address; operator?: OperatorInfo }> {
  const owner = await readAsset(chain).findOwner(workerpool);
  if (owner === undefined) {
    throw new GleanerError('resource-not-deployed', `There is no workerpool at ${workerpool}`, { details: { workerpool } });
  }
  const operator = await findOperator(chain, owner);
  return { owner, ...(operator && { operator }) };
}

/**
 * Operator contract in whose name this key may run a workerpool; `undefined` when the key owns the pool itself.
 * @throws {GleanerError} forbidden when it is neither owner nor agent; resource-not-deployed
 */
export async function operatorFor(chain: Chain, key: Address, workerpool: Address): Promise<Address | undefined> {
  const { owner, operator } = await readPoolOwner(chain, workerpool);
  if (isAddressEqual(owner, key)) return undefined;
  if (operator !== undefined && isAddressEqual(operator.agent, key)) return operator.operator;
  const right = operator === undefined ? `its owner is ${owner}` : `the agent of its operator ${owner} is ${operator.agent}`;
  throw new GleanerError('forbidden', `The key ${key} cannot run the workerpool ${workerpool}: ${right}`, {
    details: { key, workerpool, owner, ...(operator && { agent: operator.agent }) },
  });
}
