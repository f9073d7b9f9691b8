import { z } from 'zod';

/**
 * A value in its wire form, checked against the schema.
 * Codecs run backwards. A schema with one-way transforms is taken to normalise (letter case and the like), so its values are wire forms already and are parsed again.
 */
export function toWire(schema: z.ZodType, value: unknown): z.ZodSafeParseResult<unknown> {
  try {
    return z.safeEncode(schema, value as never);
  } catch (error) {
    if (error instanceof z.core.$ZodEncodeError) return schema.safeParse(value);
    throw error;
  }
}
