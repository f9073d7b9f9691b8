import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { Culprit, ErrorBody, Money } from '@gleaner/primitives';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import type { EndpointDefinition } from './defineEndpoint.ts';

/** What the API document says of a route whose bodies are bytes and so have no schema. */
export function describeBytes(description: { summary: string; consumes?: readonly string[]; produces?: readonly string[] }): FastifySchema {
  return description as FastifySchema;
}

type OpenApiSecurity =
  | { type: 'apiKey'; in: 'header'; name: string; description: string }
  | { type: 'http'; scheme: string; description: string };

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>;

/** Who calls, by the `auth` of an endpoint. */
export const SECURITY: Record<NonNullable<EndpointDefinition['auth']>, OpenApiSecurity> = {
  wallet: {
    type: 'apiKey',
    in: 'header',
    name: 'authorization',
    description: 'A signed challenge of the service: <EIP-712 hash>_<signature>_<address>',
  },
  owner: {
    type: 'apiKey',
    in: 'header',
    name: 'authorization',
    description: 'The secret hash (docs/secrets.md), signed by the owner, a key or a contract: 0x and hexadecimal digits',
  },
  worker: { type: 'http', scheme: 'bearer', description: 'The session token of a worker, from POST /workers/login' },
};

/** Body of every answer that is no success. */
const failure = z.object({
  ok: z.literal(false),
  error: z.string(),
  code: z.string(),
  culprit: z.enum(['requester', 'app', 'dataset', 'workerpool', 'worker', 'chain', 'host', 'us'] satisfies Culprit[]),
  money: z.enum(['untouched', 'kept', 'refunding', 'paid'] satisfies Money[]),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
} satisfies Record<keyof ErrorBody, z.ZodType>);

/** A route's zod schemas as JSON Schema 2020-12 of the wire form (the input side of every codec). */
export const documentRoute: Transform = ({ schema, url }) => {
  if (schema === undefined) return { schema: { hide: true }, url };
  const { body, querystring, params, response, ...rest } = schema;
  return {
    url,
    schema: {
      ...rest,
      ...wireSchemas({ body, querystring, params }),
      response: {
        200: { description: 'Answer', ...wireSchema((response as Record<string, unknown> | undefined)?.['200']) },
        default: {
          description: 'Failure; docs/reasons.md lists the codes',
          content: { 'application/json': { schema: wireSchema(failure) } },
        },
      },
    },
  };
};

function wireSchemas(schemas: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(schemas).filter(([, schema]) => schema !== undefined);
  return Object.fromEntries(entries.map(([key, schema]) => [key, wireSchema(schema)]));
}

function wireSchema(schema: unknown): Record<string, unknown> {
  if (!(schema instanceof z.ZodType)) return {};
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  return json;
}
