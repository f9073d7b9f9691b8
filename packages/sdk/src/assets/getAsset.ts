import type { AppInfo, AssetKind, DatasetInfo, WorkerpoolInfo } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';

export interface AssetInfo {
  readonly app: AppInfo;
  readonly dataset: DatasetInfo;
  readonly workerpool: WorkerpoolInfo;
}

/** An app, data set or workerpool as it is registered. @throws {GleanerError} resource-not-deployed, chain-unreachable, timed-out, aborted */
export function getAsset<K extends AssetKind>(
  gleaner: Gleaner,
  kind: K,
  asset: Address,
  settings: CallSettings = {},
): Promise<AssetInfo[K]> {
  return bounded(gleaner, settings, async ({ assets }): Promise<AssetInfo[AssetKind]> => {
    if (kind === 'app') return await assets.getApp(asset);
    return kind === 'dataset' ? await assets.getDataset(asset) : await assets.getWorkerpool(asset);
  }) as Promise<AssetInfo[K]>;
}
