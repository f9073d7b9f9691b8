import { RELEASE_INFO } from '@gleaner/api';
import { type Address, type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import { enclaveHash } from '@gleaner/protocol';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { bytesToHex, hexToBytes } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';

/** The two key pairs of one enclave. They are made here, never leave, and end with the process. */
export interface EnclaveKeys {
  /** secp256k1, 65 bytes uncompressed. */
  readonly signingKey: Hex;
  /** X25519, 32 bytes. */
  readonly sealingKey: Hex;
  readonly address: Address;
  /** `personal_sign` over the commitment to a result. */
  signResult(resultHash: Bytes32, resultSeal: Bytes32): Promise<Hex>;
  /** @throws {GleanerError} evidence-mismatch when it was not sealed to this enclave with this report data */
  open(sealed: { readonly encapsulatedKey: Hex; readonly ciphertext: Hex }, reportData: Hex): Promise<string>;
}

export async function createEnclaveKeys(): Promise<EnclaveKeys> {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const sealing = await suite.kem.generateKeyPair();
  const account = privateKeyToAccount(generatePrivateKey());
  return {
    signingKey: account.publicKey,
    sealingKey: bytesToHex(new Uint8Array(await suite.kem.serializePublicKey(sealing.publicKey))),
    address: account.address,
    signResult: (resultHash, resultSeal) => account.signMessage({ message: { raw: enclaveHash(resultHash, resultSeal) } }),
    async open({ encapsulatedKey, ciphertext }, reportData) {
      try {
        const info = new TextEncoder().encode(RELEASE_INFO);
        const recipient = await suite.createRecipientContext({ recipientKey: sealing, enc: hexToBytes(encapsulatedKey), info });
        return new TextDecoder().decode(await recipient.open(hexToBytes(ciphertext), hexToBytes(reportData)));
      } catch {
        throw new GleanerError('evidence-mismatch', 'The secrets were not sealed to this enclave and its evidence');
      }
    },
  };
}
