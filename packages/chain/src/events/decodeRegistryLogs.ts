import { appRegistryAbi } from '@gleaner/abi';
import type { Address, Hex } from '@gleaner/primitives';
import { decodeEventLog, getAddress, isAddressEqual, numberToHex, parseAbi } from 'viem';
import { ASSET_KINDS, type AssetKind } from '../reads/readAsset.ts';
import type { MarketAddresses } from '../reads/readHub.ts';
import { type ChainLog, placeOf } from './ChainLog.ts';
import type { AssetTransfer, PolicyUpdate, RegistryEvent } from './HubEvent.ts';

/** Emitted by workerpools, not by their registry. */
export const policyUpdateEvent = parseAbi([
  'event PolicyUpdate(uint256 oldWorkerStakeRatioPolicy, uint256 newWorkerStakeRatioPolicy, uint256 oldSchedulerRewardRatioPolicy, uint256 newSchedulerRewardRatioPolicy)',
]);

/** Logs of the three registries and of workerpools → values. Logs it does not know are left out. */
export function decodeRegistryLogs(logs: readonly ChainLog[], registries: MarketAddresses['registries']): RegistryEvent[] {
  return logs.flatMap((log) => {
    const kind = ASSET_KINDS.find((candidate) => isAddressEqual(registries[candidate], log.address));
    const value = kind ? decodeTransfer(log, kind) : decodePolicy(log);
    return value ? [{ ...value, ...placeOf(log) }] : [];
  });
}

function decodeTransfer({ topics, data }: ChainLog, kind: AssetKind): AssetTransfer | undefined {
  try {
    const { args } = decodeEventLog({ abi: appRegistryAbi, eventName: 'Transfer', topics: [...topics] as [Hex, ...Hex[]], data });
    return { name: 'AssetTransfer', kind, asset: assetOfToken(args.tokenId), from: args.from, to: args.to };
  } catch {
    return undefined;
  }
}

function decodePolicy({ address, topics, data }: ChainLog): PolicyUpdate | undefined {
  try {
    const { args } = decodeEventLog({ abi: policyUpdateEvent, topics: [...topics] as [Hex, ...Hex[]], data });
    return {
      name: 'PolicyUpdate',
      workerpool: getAddress(address),
      workerStakeRatio: args.newWorkerStakeRatioPolicy,
      schedulerRewardRatio: args.newSchedulerRewardRatioPolicy,
    };
  } catch {
    return undefined;
  }
}

/** The token id of an asset is its address as a number. */
export function assetOfToken(tokenId: bigint): Address {
  return getAddress(numberToHex(tokenId, { size: 20 }));
}
