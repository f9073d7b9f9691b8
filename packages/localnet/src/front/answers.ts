import type { GleanerError } from '@gleaner/primitives';

export type RequestId = string | number | null;

export interface RpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
}

export interface RpcResponse {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** JSON-RPC error numbers: specification 2.0 and EIP-1474. */
export const RPC_CODES = { parse: -32700, invalid: -32600, noMethod: -32601, params: -32602, server: -32000, unavailable: -32002 } as const;

export function rpcResult(id: RequestId, result: unknown): RpcResponse {
  return { jsonrpc: '2.0', id, result };
}

export function rpcFailure(id: RequestId, code: number, message: string, data?: unknown): RpcResponse {
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
}

/** A typed error as a JSON-RPC error; its reason code travels in `data.code`. */
export function rpcFailureOf(id: RequestId, error: GleanerError): RpcResponse {
  const code = error.code === 'chain-unreachable' || error.code === 'timed-out' ? RPC_CODES.unavailable : RPC_CODES.server;
  return rpcFailure(id, code, error.message, { code: error.code, retryable: error.retryable });
}
