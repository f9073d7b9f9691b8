import { GleanerError, show } from '@gleaner/primitives';
import { z } from 'zod';

const secretsField = z.record(z.string().regex(/^[1-9]\d*$/, 'keys must be whole numbers from 1'), z.string().min(1));

const PARAM_FIELDS = {
  iexec_args: z.string(),
  iexec_input_files: z.array(z.url({ protocol: /^(https?|ipfs)$/, error: 'must hold http, https or ipfs URLs' })),
  bulk_cid: z.string().min(1),
  iexec_result_encryption: z.boolean(),
  iexec_result_storage_provider: z.enum(['ipfs', 'dropbox']),
  iexec_result_storage_proxy: z.string().min(1),
  iexec_secrets: secretsField,
} as const;

export const requestParamsSchema = z.object(PARAM_FIELDS).partial();
/** What a requester asks of the run, beside price and trust; every key is optional. */
export type RequestParams = { readonly [K in ParamKey]?: Readonly<z.output<(typeof PARAM_FIELDS)[K]>> };
export type ParamKey = keyof typeof PARAM_FIELDS;

export interface ParamsIssue {
  readonly key: string;
  readonly message: string;
}

const isParamKey = (key: string): key is ParamKey => Object.hasOwn(PARAM_FIELDS, key);

/** The object that the text holds as JSON, or undefined: then the whole text is the argument line. */
function readJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function checkKey(key: string, value: unknown): string | undefined {
  if (!isParamKey(key)) return `is unknown; known keys are ${Object.keys(PARAM_FIELDS).join(', ')}`;
  const parsed = PARAM_FIELDS[key].safeParse(value);
  return parsed.success ? undefined : `has the wrong form ${show(value)}: ${parsed.error.issues.map((issue) => issue.message).join(', ')}`;
}

function checkKeys(fields: Readonly<Record<string, unknown>>): ParamsIssue[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const message = checkKey(key, value);
    return message === undefined ? [] : [{ key, message }];
  });
}

/**
 * Params of an order as others wrote them. Text that is no JSON object is the argument line itself.
 * Keys that are unknown or of the wrong form are left out and listed.
 */
export function readParams(text: string): { readonly params: RequestParams; readonly issues: readonly ParamsIssue[] } {
  const fields = readJsonObject(text);
  if (fields === undefined) return { params: text === '' ? {} : { iexec_args: text }, issues: [] };
  const issues = checkKeys(fields);
  const wrong = new Set(issues.map(({ key }) => key));
  return { params: Object.fromEntries(Object.entries(fields).filter(([key]) => !wrong.has(key))) as RequestParams, issues };
}

/** Params of an order, without what cannot be understood; see `readParams`. */
export function parseParams(text: string): RequestParams {
  return readParams(text).params;
}

/**
 * Text for the `params` of a new request order: JSON with the keys in a fixed order.
 * @throws {GleanerError} order-invalid for an unknown key or a value of the wrong form
 */
export function formatParams(params: RequestParams): string {
  const fields = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
  const [issue] = checkKeys(fields);
  if (issue !== undefined) {
    throw new GleanerError('order-invalid', `params: ${issue.key} ${issue.message}`, { details: { field: `params.${issue.key}` } });
  }
  return JSON.stringify(Object.fromEntries(Object.keys(PARAM_FIELDS).flatMap((key) => (key in fields ? [[key, fields[key]]] : []))));
}
