import { smaller } from '../uint256.ts';
import { hasDataset, type MatchView } from './MatchView.ts';

const remaining = (volume: bigint, consumed: bigint): bigint => (volume > consumed ? volume - consumed : 0n);

type VolumeView = Pick<MatchView, 'appOrder' | 'datasetOrder' | 'workerpoolOrder' | 'requestOrder' | 'states'>;

/** Number of tasks the four orders can still make together; a null dataset order does not limit it. */
export function dealVolume(view: VolumeView): bigint {
  const limits = [
    remaining(view.appOrder.volume, view.states.app.consumed),
    remaining(view.workerpoolOrder.volume, view.states.workerpool.consumed),
    remaining(view.requestOrder.volume, view.states.request.consumed),
  ];
  if (hasDataset(view)) limits.push(remaining(view.datasetOrder.volume, view.states.dataset.consumed));
  return limits.reduce(smaller);
}
