import type { Address } from '@gleaner/primitives';
import type { MarketAddresses } from '../reads/readHub.ts';
import type { Call } from '../sender/call.ts';
import { checkDeployment, type Difference } from './checkDeployment.ts';
import { CREATE2_FACTORY } from './create2.ts';
import { estimateCalls } from './estimateCalls.ts';
import { FACTORY_GAS, hasFactory, paymentLeft } from './factory.ts';
import type { Layout } from './layOut.ts';
import { marketOf, type Target } from './marketOf.ts';
import { callsOf, stagesLeft } from './plan.ts';
import { readProgress } from './progress.ts';

export interface DeploymentStep {
  /** For example `create Hub`, `Hub.configure`. */
  readonly name: string;
  readonly to: Address;
  /** Absent where the node cannot simulate calls that need each other. */
  readonly gas?: bigint;
}

/** What a run would do. */
export interface DeploymentPlan {
  readonly chainId: number;
  readonly addresses: MarketAddresses;
  readonly owner: Address;
  readonly timelock?: Layout['timelock'];
  readonly developmentEnclaves: boolean;
  readonly steps: readonly DeploymentStep[];
  /** Of all steps; absent like theirs. */
  readonly gas?: bigint;
  /** At the present gas price, with what the creator of the factory lacks. */
  readonly costWei?: bigint;
  /** A run refuses to go on when there is one. */
  readonly differences: readonly Difference[];
}

/**
 * What `deployMarket` would send, with the gas of each step, found by simulation. Sends nothing and needs no key.
 * @throws {GleanerError} as `deployMarket`, but differences are part of the answer
 */
export async function planDeployment(options: Target & { readonly deployer: Address }): Promise<DeploymentPlan> {
  const { deployer } = options;
  const { chain, layout, categories } = await marketOf(options, deployer);
  const [{ chainId }, factory, progress] = await Promise.all([chain.identify(), hasFactory(chain), readProgress(chain, layout)]);
  const differences = await checkDeployment(chain, layout, progress, categories);
  const payment = factory ? undefined : await paymentLeft(chain);
  const calls = [...(payment ? [payment] : []), ...callsOf(stagesLeft(layout, progress, categories))];
  const [gas, gasPrice] = await Promise.all([
    estimateCalls(chain, deployer, calls),
    chain.attempt((rpc) => rpc.getGasPrice(), 'gas price'),
  ]);
  const total = gas?.reduce((sum, amount) => sum + amount, 0n);
  const steps = calls.map((call, i) => ({ name: stepName(layout, call), to: call.to, ...(gas && { gas: gas[i] ?? 0n }) }));
  return {
    chainId,
    addresses: layout.addresses,
    owner: layout.owner,
    ...(layout.timelock && { timelock: layout.timelock }),
    developmentEnclaves: layout.developmentEnclaves,
    steps: factory ? steps : [{ name: 'create the CREATE2 factory', to: CREATE2_FACTORY, ...(gas && { gas: FACTORY_GAS }) }, ...steps],
    ...(total !== undefined && {
      gas: total + (factory ? 0n : FACTORY_GAS),
      costWei: total * gasPrice + (payment?.value ?? 0n),
    }),
    differences,
  };
}

function stepName(layout: Layout, { to, name }: Call): string {
  const target = [...layout.parts, layout.hub].find(({ address }) => address === to);
  return target ? `${target.name}.${name}` : name;
}
