export { KEY_FILE } from './config.ts';
export { openDevAttestation } from './openDevAttestation.ts';
export { openMasterKey } from './openMasterKey.ts';
export type { EnclaveOptions, RegisterSecretsDeps } from './registerSecrets.ts';
export { registerSecrets } from './registerSecrets.ts';
export { type Rotated, rotateKeyOf } from './rotateKey.ts';
export type { SecretsConfig } from './startSecrets.ts';
export { startSecrets } from './startSecrets.ts';
export { verifyLogOf } from './verifyLog.ts';
