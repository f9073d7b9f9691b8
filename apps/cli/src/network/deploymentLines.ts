import type { DeploymentPlan, DeploymentRecord, Difference } from '@gleaner/chain';
import { formatEther } from 'viem';
import { table } from '../output/table.ts';

export function planLines({ steps, gas, costWei, owner, timelock, differences, addresses }: DeploymentPlan): string[] {
  const rows = steps.map(({ name, to, gas: used }) => [`  ${name}`, to, used === undefined ? '?' : `${used} gas`]);
  return [
    steps.length === 0 ? `Nothing is missing: the market is at ${addresses.hub}` : `${steps.length} steps to a market at ${addresses.hub}:`,
    ...table(rows),
    ...(gas === undefined ? ['  the node cannot simulate them one after the other (eth_simulateV1)'] : []),
    ...(gas && costWei !== undefined ? [`${gas} gas, ${formatEther(costWei)} coins at the present price`] : []),
    ownerLine(owner, timelock),
    ...differenceLines(differences),
  ];
}

export function recordLines({ hub, token, registries, owner, timelock, contracts, chainId }: DeploymentRecord): string[] {
  return [
    `Market ${hub} on chain ${chainId}, ${contracts.length} contracts`,
    ...table([
      ['  token', token],
      ['  apps', registries.app],
      ['  data sets', registries.dataset],
      ['  workerpools', registries.workerpool],
    ]),
    ownerLine(owner, timelock),
  ];
}

function ownerLine(owner: string, timelock: DeploymentPlan['timelock']): string {
  if (!timelock) return `Owner ${owner}`;
  return `Owner ${owner}, a timelock of ${timelock.delaySec} s, governed by ${timelock.governor}`;
}

function differenceLines(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  return ['What is there differs:', ...table(differences.map(({ what, found, expected }) => [`  ${what}`, found, `expected ${expected}`]))];
}
