import { GleanerError } from '@gleaner/primitives';

export interface RpcCall {
  readonly method: string;
  readonly params?: readonly unknown[];
}

interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

interface RpcAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: RpcFailure;
}

/**
 * One JSON-RPC call.
 * @throws {GleanerError} chain-unreachable when nobody answers in time, transaction-rejected when the node answers with an error
 */
export async function callRpc(url: string, method: string, params: readonly unknown[] = [], timeoutMs = 10_000): Promise<unknown> {
  const answer = (await post(url, { jsonrpc: '2.0', id: 1, method, params }, timeoutMs)) as RpcAnswer;
  if (answer.error) throw rpcError(method, answer.error);
  return answer.result;
}

/** Several calls in one request; a failed call gives its error value in place of a result, order is kept. */
export async function callRpcBatch(url: string, calls: readonly RpcCall[], timeoutMs = 20_000): Promise<(unknown | GleanerError)[]> {
  if (calls.length === 0) return [];
  const body = calls.map(({ method, params = [] }, id) => ({ jsonrpc: '2.0', id, method, params }));
  const answers = (await post(url, body, timeoutMs)) as RpcAnswer[];
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  return calls.map(({ method }, id) => {
    const answer = byId.get(id);
    if (!answer) return new GleanerError('chain-unreachable', `The node left ${method} unanswered`);
    return answer.error ? rpcError(method, answer.error) : answer.result;
  });
}

async function post(url: string, body: unknown, timeoutMs: number): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return await response.json();
  } catch (cause) {
    throw new GleanerError('chain-unreachable', `No answer from the chain at ${url}`, { details: { url }, cause });
  }
}

function rpcError(method: string, failure: RpcFailure): GleanerError {
  return new GleanerError('transaction-rejected', `${method}: ${failure.message}`, { details: { method, rpcCode: failure.code } });
}
