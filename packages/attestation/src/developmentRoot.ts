import { GleanerError } from '@gleaner/primitives';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url');
const publicPart = { kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate } as const;
const publicRootSchema = z.strictObject(publicPart);
const rootSchema = z.strictObject({ ...publicPart, d: coordinate });

/** The half of a development root that others may have. */
export type PublicRoot = z.output<typeof publicRootSchema>;
/** Key that signs development evidence, as a JWK of P-256. It proves nothing but that somebody has it. */
export type DevelopmentRoot = z.output<typeof rootSchema>;

/** A new root, from the random numbers of this machine. */
export async function createDevelopmentRoot(): Promise<DevelopmentRoot> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y, d } = (await exportJWK(privateKey)) as JWK;
  return rootSchema.parse({ kty, crv, x, y, d });
}

/** @throws {GleanerError} key-invalid; no word of the text is in the error */
export function decodeDevelopmentRoot(text: string): DevelopmentRoot {
  return decode(rootSchema, text);
}

/** @throws {GleanerError} key-invalid */
export function decodePublicRoot(text: string): PublicRoot {
  return decode(publicRootSchema, text);
}

export function publicRootOf({ kty, crv, x, y }: DevelopmentRoot): PublicRoot {
  return { kty, crv, x, y };
}

/** RFC 7638 thumbprint: how evidence names its root. */
export function rootId({ kty, crv, x, y }: PublicRoot): Promise<string> {
  return calculateJwkThumbprint({ kty, crv, x, y });
}

function decode<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new GleanerError('key-invalid', 'A development root is a JWK of the curve P-256, as `gleaner up` writes it');
  }
}
