import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError, type Hex, isHex, toGleanerError } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import { type RequestId, RPC_CODES, type RpcRequest, type RpcResponse, rpcFailure, rpcFailureOf, rpcResult } from './answers.ts';
import type { Journal } from './journal.ts';
import { OWN_ANSWERS, PASSED_METHODS } from './methods.ts';
import type { NonceReads } from './NonceReads.ts';

/** The node behind the front. It may be away for a moment while it restarts. */
interface Upstream {
  /** Resolves when the node takes requests. @throws {GleanerError} chain-unreachable when it does not in time */
  whenReady(timeoutMs: number): Promise<void>;
  /** @throws {GleanerError} chain-unreachable */
  post(request: RpcRequest): Promise<RpcResponse>;
}

export interface AnswerContext {
  readonly nonces: NonceReads;
  readonly upstream: Upstream;
  readonly journal: Journal;
  /** How long a request waits for a chain that restarts, milliseconds. */
  readonly patienceMs: number;
  nowMs(): number;
}

/** Answers one parsed element of a request body; never throws. */
export async function answerRequest(value: unknown, context: AnswerContext): Promise<RpcResponse> {
  const request = parseRequest(value);
  if (!request) return rpcFailure(idOf(value), RPC_CODES.invalid, 'Not a JSON-RPC 2.0 request');
  if (OWN_ANSWERS.has(request.method)) return rpcResult(request.id, OWN_ANSWERS.get(request.method));
  if (!PASSED_METHODS.has(request.method)) {
    return rpcFailure(request.id, RPC_CODES.noMethod, `This endpoint does not offer ${request.method.slice(0, 60)}`);
  }
  context.nonces.note(request, context.nowMs());
  try {
    return request.method === 'eth_sendRawTransaction' ? await sendRaw(request, context) : await pass(request, context);
  } catch (error) {
    return rpcFailureOf(request.id, toGleanerError(error));
  }
}

/** On the disk first, then to the chain: what is acknowledged survives a chain that loses its latest blocks. */
async function sendRaw(request: RpcRequest, context: AnswerContext): Promise<RpcResponse> {
  const raw = Array.isArray(request.params) ? request.params[0] : undefined;
  if (!isHex(raw) || raw.length < 4) return rpcFailure(request.id, RPC_CODES.params, 'Expected one raw transaction as 0x and hex digits');
  const hash = keccak256(raw);
  const waitMs = await context.nonces.untilForgotten(raw, context.nowMs());
  const sent = await sendJournalled({ request, raw, hash }, context);
  await sleep(waitMs);
  return sent;
}

async function sendJournalled(
  { request, raw, hash }: { request: RpcRequest; raw: Hex; hash: Hex },
  context: AnswerContext,
): Promise<RpcResponse> {
  await context.journal.append(hash, raw, context.nowMs());
  const answer = await pass(request, context);
  if (!answer.error || (await isKnown(hash, context))) return answer.error ? rpcResult(request.id, hash) : answer;
  context.journal.refuse(hash);
  return answer;
}

async function isKnown(hash: Hex, context: AnswerContext): Promise<boolean> {
  const answer = await pass({ jsonrpc: '2.0', id: 0, method: 'eth_getTransactionByHash', params: [hash] }, context);
  return answer.result !== null && answer.result !== undefined;
}

async function pass(request: RpcRequest, { upstream, patienceMs, nowMs }: AnswerContext): Promise<RpcResponse> {
  const deadlineMs = nowMs() + patienceMs;
  for (;;) {
    await upstream.whenReady(Math.max(0, deadlineMs - nowMs()));
    try {
      const { result, error } = await upstream.post(request);
      return error ? { jsonrpc: '2.0', id: request.id, error } : rpcResult(request.id, result ?? null);
    } catch (error) {
      const mayRetry = error instanceof GleanerError && error.code === 'chain-unreachable' && nowMs() < deadlineMs;
      if (!mayRetry) throw error;
    }
    await sleep(50);
  }
}

function parseRequest(value: unknown): RpcRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { jsonrpc, method, params } = value as Record<string, unknown>;
  if (jsonrpc !== '2.0' || typeof method !== 'string') return undefined;
  return { jsonrpc, id: idOf(value), method, params: params ?? [] };
}

function idOf(value: unknown): RequestId {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
