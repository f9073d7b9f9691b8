import type { ReleasedSecrets } from '@gleaner/api';

/** Secrets as a program sees them. Source: the app environment of PoCo's enclaves. */
export function secretEnvironment({ appSecret, requesterSecrets }: ReleasedSecrets): Readonly<Record<string, string>> {
  const ofApp = appSecret === undefined ? {} : { IEXEC_APP_DEVELOPER_SECRET: appSecret, IEXEC_APP_DEVELOPER_SECRET_1: appSecret };
  const ofRequester = Object.fromEntries(
    Object.entries(requesterSecrets).map(([number, secret]) => [`IEXEC_REQUESTER_SECRET_${number}`, secret]),
  );
  return { ...ofApp, ...ofRequester };
}
