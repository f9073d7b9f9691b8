import { assertNever } from '@gleaner/primitives';
import { DEFAULT_SCHEDULER_REWARD_RATIO, DEFAULT_WORKER_STAKE_RATIO } from '../constants.ts';
import type { Applied, CallNamed } from './MarketCall.ts';
import { type AssetRecord, type MarketState, withEntries } from './MarketState.ts';
import { demand } from './refuse.ts';

type AdminCall = CallNamed<'createCategory' | 'setTeeBroker' | 'createAsset' | 'transferAsset' | 'changePolicy'>;

const NOT_OWNER = 'Ownable: caller is not the owner';

/** Calls of owners. Registries and entries log on their own addresses, so these give hub events only for categories. */
export function applyAdministration(state: MarketState, call: AdminCall): Applied {
  switch (call.name) {
    case 'createCategory':
      return createCategory(state, call);
    case 'setTeeBroker':
      demand(call.caller === state.owner, NOT_OWNER);
      return { state: { ...state, teeBroker: call.broker }, events: [] };
    case 'createAsset':
      demand(!state.assets.has(call.entry), 'Create2: Failed on deploy');
      return withAsset(state, call.entry, newAsset(call));
    case 'transferAsset':
      return transferAsset(state, call);
    case 'changePolicy':
      return changePolicy(state, call);
    default:
      return assertNever(call);
  }
}

function withAsset(state: MarketState, entry: CallNamed<'createAsset'>['entry'], asset: AssetRecord): Applied {
  return { state: { ...state, assets: withEntries(state.assets, [[entry, asset]]) }, events: [] };
}

function newAsset({ kind, assetOwner }: CallNamed<'createAsset'>): AssetRecord {
  const asset = { kind, owner: assetOwner, registered: true };
  if (kind !== 'workerpool') return asset;
  return { ...asset, policy: { workerStakeRatio: DEFAULT_WORKER_STAKE_RATIO, schedulerRewardRatio: DEFAULT_SCHEDULER_REWARD_RATIO } };
}

function createCategory(state: MarketState, { caller, title, description, workClockTimeRef }: CallNamed<'createCategory'>): Applied {
  demand(caller === state.owner, NOT_OWNER);
  return {
    state: { ...state, categories: [...state.categories, { name: title, description, workClockTimeRef }] },
    events: [{ name: 'CreateCategory', args: { catid: BigInt(state.categories.length), name: title, description, workClockTimeRef } }],
  };
}

/** The ERC-721 token of the entry changes hands. */
function transferAsset(state: MarketState, { caller, entry, to }: CallNamed<'transferAsset'>): Applied {
  const asset = state.assets.get(entry);
  demand(asset !== undefined && asset.owner === caller);
  return withAsset(state, entry, { ...asset, owner: to });
}

function changePolicy(state: MarketState, call: CallNamed<'changePolicy'>): Applied {
  const asset = state.assets.get(call.entry);
  demand(asset?.policy !== undefined);
  demand(call.caller === asset.owner, 'caller is not the owner');
  demand(call.schedulerRewardRatio <= 100n);
  const { workerStakeRatio, schedulerRewardRatio } = call;
  return withAsset(state, call.entry, { ...asset, policy: { workerStakeRatio, schedulerRewardRatio } });
}
