import { z } from 'zod';
import { refusal } from './evidenceCodes.ts';
import { isEvidenceKind } from './evidenceKinds.ts';

/** Longest evidence, characters. */
const MAX_CHARS = 8_192;

/** A compact JWS before anything in it is believed. */
export interface Envelope {
  readonly header: { readonly alg: 'ES256'; readonly typ: string; readonly kid: string };
  readonly payload: Readonly<Record<string, unknown>>;
}

/** No other field is allowed: none that brings or names a key (`jwk`, `jku`, `x5c`, `x5u`) and none that changes the rules (`crit`, `b64`). */
const headerSchema = z.strictObject({ alg: z.literal('ES256'), typ: z.string(), kid: z.string() });

/**
 * Takes a compact JWS apart. One piece of evidence has one spelling: each part must be canonical base64url, so that no bit can be
 * changed without an effect.
 * @throws {GleanerError} evidence-invalid: malformed, header, kind-unknown
 */
export function readEnvelope(evidence: string, type: string): Envelope {
  if (evidence.length > MAX_CHARS)
    throw refusal('malformed', `The evidence has ${evidence.length} characters, at most ${MAX_CHARS} are read`);
  const parts = evidence.split('.');
  const [head, body, signature] = parts.map(decodePart);
  if (parts.length !== 3 || !head || !body || signature?.length !== 64)
    throw refusal('malformed', 'The evidence is not a JWS of three base64url parts with a signature of 64 bytes');
  const header = headerSchema.safeParse(parseJson(head));
  if (!header.success || header.data.typ !== type)
    throw refusal('header', `The header must have alg ES256, typ ${type} and a kid, and nothing else`);
  const payload = parseJson(body);
  if (!isEvidenceKind(payload['tee'])) throw refusal('kind-unknown', 'The evidence is of no known kind');
  return { header: header.data, payload };
}

function decodePart(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw refusal('malformed', 'A part of the evidence is not a JSON object in UTF-8');
}
