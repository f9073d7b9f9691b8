import { RELEASE_INFO } from '@gleaner/api';
import { GleanerError } from '@gleaner/primitives';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { hexToBytes, toHex } from 'viem';
import type { SealToEnclave } from '../ports.ts';

/** Lengths are rounded up to this, so that a host learns little from them. Bytes; JSON ends in blanks as well as without. */
const BUCKET_BYTES = 1024;

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; the report data is authenticated beside the text. */
export const sealToEnclave: SealToEnclave = async (text, { sealingKey, reportData }) => {
  const recipientPublicKey = await suite.kem.deserializePublicKey(bufferOf(hexToBytes(sealingKey))).catch((cause: unknown) => {
    throw new GleanerError('evidence-invalid', `The sealing key ${sealingKey} is no X25519 key`, { cause });
  });
  const sender = await suite.createSenderContext({ recipientPublicKey, info: bufferOf(new TextEncoder().encode(RELEASE_INFO)) });
  const ciphertext = await sender.seal(bufferOf(padded(text)), bufferOf(hexToBytes(reportData)));
  return { encapsulatedKey: toHex(new Uint8Array(sender.enc)), ciphertext: toHex(new Uint8Array(ciphertext)) };
};

function padded(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const whole = new Uint8Array(Math.ceil(bytes.length / BUCKET_BYTES) * BUCKET_BYTES).fill(0x20);
  whole.set(bytes);
  return whole;
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
