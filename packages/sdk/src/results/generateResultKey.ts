import { toBase64 } from '../datasets/base64.ts';

/** A pair of keys for results. */
export interface ResultKeyPair {
  /** Base64 of the PEM of the public key: the value that `pushSecret` takes for `RESULT_KEY_NAME`. */
  readonly publicKey: string;
  /** PEM of PKCS#8. Whoever has it can read every result encrypted to the pair; lost, they are lost. */
  readonly privateKey: string;
}

/** Makes an RSA pair of 2048 bits: results of the account that pushes its public key can be encrypted to it. Nothing is sent. */
export async function generateResultKey(): Promise<ResultKeyPair> {
  const algorithm = { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
  const [spki, pkcs8] = await Promise.all([
    crypto.subtle.exportKey('spki', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return { publicKey: btoa(toPem('PUBLIC KEY', spki)), privateKey: toPem('PRIVATE KEY', pkcs8) };
}

function toPem(label: string, der: ArrayBuffer): string {
  const lines = toBase64(new Uint8Array(der)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
