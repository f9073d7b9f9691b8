export { createKeyStore, type KeyStore, type KeyStoreOptions, type StoredKey } from './createKeyStore.ts';
export { readKeyFile, writeKeyFile } from './keyFile.ts';
export { type PasswordSource, passwordFile } from './password.ts';
export { accountFromKey, createAccount, createPrivateKey, decodePrivateKey, type PrivateKey } from './privateKey.ts';
export { moveSecretFile, readSecretFile, writeSecretFile } from './secretFile.ts';
export { createSymmetricKeyFile, readSymmetricKeyFile } from './symmetricKeyFile.ts';
