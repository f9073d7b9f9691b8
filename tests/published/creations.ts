import { appAbi, appRegistryAbi, datasetAbi, datasetRegistryAbi, workerpoolAbi, workerpoolRegistryAbi } from '@gleaner/abi';
import { type Address, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { keccak256, stringToHex } from 'viem';
import { ACTORS, WALLET } from './actors.ts';
import { encodeLoosely } from './PairedCall.ts';
import type { AssetKind } from './World.ts';

/** Assets that sequences create are called so; few, so that the same one comes again. */
export const NEW_NAMES = ['red', 'green', 'blue'] as const;
export const NEW_OWNERS: readonly [Address, ...Address[]] = [
  ACTORS.appOwner.address,
  ACTORS.poolOwner.address,
  ACTORS.sponsor.address,
  WALLET,
  ZERO_ADDRESS,
];

const appFields = (name: string) => {
  const content = stringToHex(`content of ${name}`);
  return [name, 'DOCKER', content, keccak256(content), '0x'];
};
const datasetFields = (name: string) => {
  const content = stringToHex(`content of ${name}, longer than one word of the storage`);
  return [name, content, keccak256(content)];
};

export function appCreation(owner: Address, name: string): Hex {
  return encodeLoosely(appRegistryAbi, 'createApp', [owner, ...appFields(name)]);
}

export function datasetCreation(owner: Address, name: string): Hex {
  return encodeLoosely(datasetRegistryAbi, 'createDataset', [owner, ...datasetFields(name)]);
}

export function workerpoolCreation(owner: Address, name: string): Hex {
  return encodeLoosely(workerpoolRegistryAbi, 'createWorkerpool', [owner, name]);
}

/** What the registry calls on the new asset of this name; with the owner it makes the salt. */
export const INITIALIZATIONS: Readonly<Record<AssetKind, (name: string) => Hex>> = {
  app: (name) => encodeLoosely(appAbi, 'initialize', appFields(name)),
  dataset: (name) => encodeLoosely(datasetAbi, 'initialize', datasetFields(name)),
  workerpool: (name) => encodeLoosely(workerpoolAbi, 'initialize', [name]),
};
