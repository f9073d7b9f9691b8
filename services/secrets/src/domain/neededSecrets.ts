import { ZERO_ADDRESS } from '@gleaner/primitives';
import { type Deal, parseParams } from '@gleaner/protocol';
import type { SecretId } from '@gleaner/store';
import { appSecret, datasetSecret, requesterSecret, resultKey } from './secretIds.ts';

/** What the tasks of a deal are to be given. All but the app's secret must be there. */
export interface NeededSecrets {
  readonly dataset?: SecretId;
  /** Content id of the list of slices, for a task that works on many data sets. */
  readonly bulk?: string;
  readonly app: SecretId;
  /** By their number in the parameters. */
  readonly requester: Readonly<Record<string, SecretId>>;
  readonly resultKey?: SecretId;
}

export function neededSecrets({ app, dataset, requester, beneficiary, params }: Deal): NeededSecrets {
  const { iexec_secrets = {}, iexec_result_encryption = false, bulk_cid: bulk } = parseParams(params);
  const named = Object.entries(iexec_secrets).map(([number, name]) => [number, requesterSecret(requester, name)] as const);
  return {
    ...(dataset.pointer === ZERO_ADDRESS ? {} : { dataset: datasetSecret(dataset.pointer) }),
    ...(bulk === undefined ? {} : { bulk }),
    app: appSecret(app.pointer),
    requester: Object.fromEntries(named),
    ...(iexec_result_encryption ? { resultKey: resultKey(beneficiary) } : {}),
  };
}
