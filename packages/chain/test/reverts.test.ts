import { inspect } from 'node:util';
import { decodeRevertData, findRevert, formatRevert, MATCH_REFUSALS, revertError, rpcFailure } from '@gleaner/chain';
import { type Hex, isReasonCode } from '@gleaner/primitives';
import { MATCH_CODES } from '@gleaner/protocol';
import fc from 'fast-check';
import { encodeErrorResult, HttpRequestError, parseAbi, toHex } from 'viem';
import { describe, expect, test } from 'vitest';

const anyHex = fc.uint8Array({ maxLength: 300 }).map((bytes): Hex => toHex(bytes));
const reasonAbi = parseAbi(['error Error(string)']);

describe('revert data', () => {
  test('of any reason decodes to that reason', () => {
    fc.assert(
      fc.property(fc.string(), (reason) => {
        expect(decodeRevertData(encodeErrorResult({ abi: reasonAbi, args: [reason] }))).toEqual({ kind: 'reason', reason });
      }),
    );
  });

  test('of any kind decodes and formats without an exception', () => {
    fc.assert(
      fc.property(anyHex, (data) => {
        expect(typeof formatRevert(decodeRevertData(data))).toBe('string');
      }),
    );
  });

  test('is found wherever a node puts it', () => {
    const data = encodeErrorResult({ abi: reasonAbi, args: ['task-pending'] });
    const reason = { kind: 'reason', reason: 'task-pending' };
    expect(findRevert({ cause: { code: 3, message: 'execution reverted', data } })).toEqual(reason);
    expect(findRevert({ cause: { data: { data } } })).toEqual(reason);
    expect(findRevert({ details: 'execution reverted: task-pending' })).toEqual(reason);
    expect(findRevert({ message: 'execution reverted', data: '0x' })).toEqual({ kind: 'empty' });
    expect(findRevert({ message: 'insufficient funds' })).toBeUndefined();
  });
});

describe('translation', () => {
  test('knows every refusal of a match, each with a sentence of its own', () => {
    expect(Object.keys(MATCH_REFUSALS)).toEqual([...MATCH_CODES]);
    expect(new Set(Object.values(MATCH_REFUSALS).map(({ message }) => message)).size).toBe(MATCH_CODES.length);
    for (const { code } of Object.values(MATCH_REFUSALS)) expect(isReasonCode(code)).toBe(true);
  });

  test.each([
    ['IexecEscrow: Transfer amount exceeds balance', 'contribute', 'stake-too-low'],
    ['IexecEscrow: Transfer amount exceeds balance', 'matchOrders', 'balance-too-low'],
    ['invalid-sender-or-signature', 'manageAppOrder', 'order-signature-invalid'],
    ['Ownable: caller is not the owner', 'createCategory', 'forbidden'],
    ['anything else', 'finalize', 'chain-reverted'],
  ])('of «%s» in %s is %s', (reason, call, code) => {
    expect(revertError({ kind: 'reason', reason }, call)).toMatchObject({ code, details: { call, revert: reason } });
  });

  test('of any value gives a typed error', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(isReasonCode(rpcFailure(thrown, { rpcUrl: 'http://host/secret' }).code)).toBe(true);
      }),
    );
  });

  test('names the host of the chain, not its path, which may hold a key', () => {
    const failure = rpcFailure(new HttpRequestError({ url: 'https://host.example/v2/secret' }), {
      rpcUrl: 'https://host.example/v2/secret',
    });
    expect(failure).toMatchObject({ code: 'chain-unreachable', details: { host: 'host.example' } });
    expect(inspect(failure)).not.toContain('secret');
  });
});
