import { accountFromKey, createKeyStore, readKeyFile } from '@gleaner/keys';
import { type Address, GleanerError, show } from '@gleaner/primitives';
import { getAddress, isAddress, type LocalAccount } from 'viem';
import { type CommonOptions, passwordSource, walletFolder } from '../session.ts';

/** Who sends the transactions of a deployment. */
export interface Deployer {
  readonly address: Address;
  /** Asks for the password of a wallet key. @throws {GleanerError} key-not-found, key-invalid, data-unreadable */
  unlock(): Promise<LocalAccount>;
}

/**
 * The key of the file that `GLEANER_KEY_FILE` names, else the one of the wallet that `--as` names.
 * @throws {GleanerError} key-not-found when neither is given; key-invalid, data-unreadable
 */
export async function findDeployer({ as, passwordFile }: CommonOptions): Promise<Deployer> {
  const keyFile = process.env['GLEANER_KEY_FILE'];
  if (keyFile) {
    const account = accountFromKey(await readKeyFile(keyFile));
    return { address: account.address, unlock: async () => account };
  }
  if (!isAddress(as, { strict: false })) {
    throw new GleanerError(
      'key-not-found',
      `Name the account that pays: --as takes an address of the wallet, got ${show(as)}; or set GLEANER_KEY_FILE`,
      {
        details: { value: show(as) },
      },
    );
  }
  const address = getAddress(as);
  return { address, unlock: () => createKeyStore(walletFolder()).unlock(address, passwordSource(passwordFile)) };
}
