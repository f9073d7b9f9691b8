import type { Address } from '@gleaner/primitives';
import type { SecretId } from '@gleaner/store';

/** Name that stock clients sign for the one secret of an app. */
const APP_SECRET_NAME = '1';

/** Name under which a beneficiary keeps the key that results are encrypted to: base64 of a PEM. */
const RESULT_KEY_NAME = 'iexec-result-encryption-public-key';

export const datasetSecret = (dataset: Address): SecretId => ({ kind: 'dataset', owner: dataset, name: '' });
export const appSecret = (app: Address): SecretId => ({ kind: 'app', owner: app, name: APP_SECRET_NAME });
export const requesterSecret = (requester: Address, name: string): SecretId => ({ kind: 'requester', owner: requester, name });
export const accountSecret = (account: Address, name: string): SecretId => ({ kind: 'account', owner: account, name });
export const resultKey = (beneficiary: Address): SecretId => accountSecret(beneficiary, RESULT_KEY_NAME);

/** The name as a part of what the owner signs; the secret of a data set has none. */
export const signedName = ({ kind, name }: SecretId): { readonly name?: string } => (kind === 'dataset' ? {} : { name });

/** For messages: which secret, without its value. */
export function describeSecret({ kind, owner, name }: SecretId): string {
  if (kind === 'dataset') return `the key of data set ${owner}`;
  if (kind === 'app') return `the secret of app ${owner}`;
  return `the secret ${JSON.stringify(name)} of ${kind} ${owner}`;
}
