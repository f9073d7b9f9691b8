import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { z } from 'zod';

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>;

/** A route's zod schemas as JSON Schema 2020-12 of the wire form (the input side of every codec). */
export const documentRoute: Transform = ({ schema, url }) => {
  if (schema === undefined) return { schema: { hide: true }, url };
  const { body, querystring, params, response, ...rest } = schema;
  return {
    url,
    schema: {
      ...rest,
      ...wireSchemas({ body, querystring, params }),
      ...(response === undefined
        ? {}
        : { response: { 200: { description: 'Answer', ...wireSchema((response as Record<string, unknown>)['200']) } } }),
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
