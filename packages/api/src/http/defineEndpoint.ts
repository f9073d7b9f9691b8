import type { ReasonCode } from '@gleaner/primitives';
import type { z } from 'zod';

/**
 * One endpoint as data: validation, types, client, server and OpenAPI come from it.
 *
 * Schemas are written from the wire to the value: `z.input` is what crosses the wire, `z.output` what handlers and callers hold.
 * Where the two differ (bigint, address, time) a field is a `z.codec`, never a one-way `transform` or `default`, because the client encodes with the same schema.
 */
export interface EndpointDefinition {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Path from the origin, `:name` for parameters. */
  readonly path: `/${string}`;
  /** One sentence for the API document. */
  readonly summary?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A body that is text crosses as it is (`text/plain`); any other is JSON. */
  readonly bodyType?: 'text';
  /** An answer schema that admits `undefined` may answer 204 without a body. */
  readonly answer: z.ZodType;
  /** Who must be known: the handler is called with the identity that `authenticate` gave. */
  readonly auth?: 'wallet' | 'worker' | 'owner';
  /** Statuses that differ from the usual ones of `statusOf`. */
  readonly statuses?: Statuses;
  /** Longest time from routing to answer, milliseconds; for long polls. Default: the limit of server and client. */
  readonly timeoutMs?: number;
  /** Largest body in bytes. Default: the limit of the server. */
  readonly bodyLimit?: number;
  /** Whether repeating the call is harmless, so that the client may retry it. Default: only GET and HEAD. */
  readonly idempotent?: boolean;
}

export type Statuses = Readonly<Partial<Record<ReasonCode, number>>>;

type Key = 'params' | 'query' | 'body';

/** `{ key: value }` when the definition has that schema, optional when nothing in it is required. */
type Part<D, K extends Key> = D extends { readonly [k in K]: infer S extends z.ZodType }
  ? Record<never, never> extends z.output<S>
    ? { readonly [k in K]?: z.output<S> }
    : { readonly [k in K]: z.output<S> }
  : unknown;

/** What a caller passes: decoded values. */
export type InputOf<D> = Part<D, 'params'> & Part<D, 'query'> & Part<D, 'body'>;

type Given<D, K extends Key> = D extends { readonly [k in K]: infer S extends z.ZodType } ? z.output<S> : undefined;

/** What a handler receives: decoded values, `undefined` for a part that the definition lacks. */
export interface HandlerInput<D> {
  readonly params: Given<D, 'params'>;
  readonly query: Given<D, 'query'>;
  readonly body: Given<D, 'body'>;
}

export type AnswerOf<D extends EndpointDefinition> = z.output<D['answer']>;

/** Fixes the literal type of a definition. */
export function defineEndpoint<const D extends EndpointDefinition>(definition: D): D {
  return definition;
}
