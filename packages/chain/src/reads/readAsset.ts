import { appRegistryAbi, hubAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { parseAbi } from 'viem';
import type { Chain } from '../client/createChain.ts';
import type { AppInfo, DatasetInfo, WorkerpoolInfo } from './hubValues.ts';
import { blockOf, type ReadOptions } from './ReadOptions.ts';

export type AssetKind = 'app' | 'dataset' | 'workerpool';
export const ASSET_KINDS = ['app', 'dataset', 'workerpool'] as const satisfies readonly AssetKind[];

const ownedAbi = parseAbi(['function owner() view returns (address)']);

/** Assets as values; an address that is no asset gives `undefined` where it says find, `resource-not-deployed` where it says get. */
export interface AssetReader {
  /** Current owner of the entry, registered or not. */
  findOwner(asset: Address, options?: ReadOptions): Promise<Address | undefined>;
  getApp(app: Address, options?: ReadOptions): Promise<AppInfo>;
  getDataset(dataset: Address, options?: ReadOptions): Promise<DatasetInfo>;
  getWorkerpool(workerpool: Address, options?: ReadOptions): Promise<WorkerpoolInfo>;
  isRegistered(registry: Address, asset: Address, options?: ReadOptions): Promise<boolean>;
}

export function readAsset(chain: Chain): AssetReader {
  return {
    findOwner: (asset, options = {}) =>
      chain
        .attempt((rpc) => rpc.readContract({ address: asset, abi: ownedAbi, functionName: 'owner', ...blockOf(options) }), 'owner')
        .catch(undefinedWithoutContract),
    async getApp(app, options = {}) {
      const info = await present(
        app,
        chain.attempt(
          (rpc) => rpc.readContract({ address: chain.hubAddress, abi: hubAbi, functionName: 'viewApp', args: [app], ...blockOf(options) }),
          'viewApp',
        ),
      );
      return {
        owner: info.owner,
        name: info.m_appName,
        type: info.m_appType,
        multiaddr: info.m_appMultiaddr,
        checksum: info.m_appChecksum as AppInfo['checksum'],
        mrenclave: info.m_appMREnclave,
      };
    },
    async getDataset(dataset, options = {}) {
      const info = await present(
        dataset,
        chain.attempt(
          (rpc) =>
            rpc.readContract({ address: chain.hubAddress, abi: hubAbi, functionName: 'viewDataset', args: [dataset], ...blockOf(options) }),
          'viewDataset',
        ),
      );
      return {
        owner: info.owner,
        name: info.m_datasetName,
        multiaddr: info.m_datasetMultiaddr,
        checksum: info.m_datasetChecksum as DatasetInfo['checksum'],
      };
    },
    async getWorkerpool(workerpool, options = {}) {
      const info = await present(
        workerpool,
        chain.attempt(
          (rpc) =>
            rpc.readContract({
              address: chain.hubAddress,
              abi: hubAbi,
              functionName: 'viewWorkerpool',
              args: [workerpool],
              ...blockOf(options),
            }),
          'viewWorkerpool',
        ),
      );
      return {
        owner: info.owner,
        description: info.m_workerpoolDescription,
        workerStakeRatio: info.m_workerStakeRatioPolicy,
        schedulerRewardRatio: info.m_schedulerRewardRatioPolicy,
      };
    },
    isRegistered: (registry, asset, options = {}) =>
      chain.attempt(
        (rpc) =>
          rpc.readContract({ address: registry, abi: appRegistryAbi, functionName: 'isRegistered', args: [asset], ...blockOf(options) }),
        'isRegistered',
      ),
  };
}

/** The hub reverts without a reason when the entry is no contract. */
async function present<T>(asset: Address, info: Promise<T>): Promise<T> {
  try {
    return await info;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new GleanerError('resource-not-deployed', `There is no such asset at ${asset}`, { details: { asset }, cause: error });
  }
}

function undefinedWithoutContract(error: unknown): undefined {
  if (isRefusal(error)) return undefined;
  throw error;
}

function isRefusal(error: unknown): boolean {
  return isGleanerError(error) && error.code === 'chain-reverted';
}
