import { type Address, type Bytes32, type DealId, invariant, type OrderHash, type TaskId } from '@gleaner/primitives';
import fc from 'fast-check';
import { keccak256, stringToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  addVote,
  authorizationHash,
  checkMatch,
  consensusReached,
  dealId,
  dealTag,
  decodeOrder,
  enclaveHash,
  hashDomain,
  hashOperation,
  hashOrder,
  hashOrderStruct,
  kittyShare,
  logWeight,
  ORDER_KINDS,
  ORDER_TYPE_NAMES,
  orderDomain,
  orderTypes,
  personalSignDigest,
  requiredWorkers,
  resultHash,
  resultSeal,
  scoreAfterFault,
  scoreAfterSuccess,
  taskId,
  workerWeight,
} from '../src/index.ts';
import { anyMatchView } from '../src/testing.ts';
import { readVector } from './readVector.ts';

interface OrderVectors {
  readonly domain: { readonly chainId: number; readonly verifyingContract: Address; readonly separator: string };
  readonly orders: readonly {
    readonly primaryType: keyof typeof orderTypes;
    readonly typeHash: string;
    readonly operationTypeHash: string;
    readonly order: Record<string, unknown>;
    readonly structHash: string;
    readonly orderHash: string;
    readonly signOperation: string;
    readonly closeOperation: string;
    readonly changed: readonly { readonly field: string; readonly value: unknown; readonly orderHash: string }[];
    readonly wrong: readonly { readonly why: string; readonly orderHash: string }[];
  }[];
}

describe('orders.json', () => {
  const { domain: given, orders } = readVector<OrderVectors>('orders');
  const domain = orderDomain({ chainId: given.chainId, hubAddress: given.verifyingContract });

  it('domain', () => {
    expect(hashDomain(domain)).toBe(given.separator);
  });

  it.each(orders)('$primaryType', (vector) => {
    const kind = ORDER_KINDS.find((each) => ORDER_TYPE_NAMES[each] === vector.primaryType);
    invariant(kind !== undefined, 'Every type is of a known order');
    const order = decodeOrder(kind, vector.order);
    const type = `${vector.primaryType}(${orderTypes[vector.primaryType].map((field) => `${field.type} ${field.name}`).join(',')})`;
    expect({
      typeHash: keccak256(stringToHex(type)),
      operationTypeHash: keccak256(stringToHex(`${vector.primaryType}Operation(${vector.primaryType} order,uint256 operation)${type}`)),
      structHash: hashOrderStruct(kind, order),
      orderHash: hashOrder(kind, order, domain),
      signOperation: hashOperation(kind, order, 'sign', domain),
      closeOperation: hashOperation(kind, order, 'close', domain),
    }).toEqual({
      typeHash: vector.typeHash,
      operationTypeHash: vector.operationTypeHash,
      structHash: vector.structHash,
      orderHash: vector.orderHash,
      signOperation: vector.signOperation,
      closeOperation: vector.closeOperation,
    });
    for (const { field, value, orderHash } of vector.changed) {
      expect(hashOrder(kind, decodeOrder(kind, { ...vector.order, [field]: value }), domain)).toBe(orderHash);
    }
    const signed = { ...order, sign: '0xabcd' };
    for (const { orderHash } of vector.wrong) expect(hashOrder(kind, signed, domain)).not.toBe(orderHash);
    expect(hashOrder(kind, signed, domain)).toBe(vector.orderHash);
  });
});

interface IdVectors {
  readonly requestHash: OrderHash;
  readonly deals: readonly { readonly consumed: string; readonly dealId: string }[];
  readonly tasks: readonly { readonly dealId: DealId; readonly index: string; readonly taskId: string }[];
  readonly result: { worker: Address; taskId: TaskId; resultDigest: Bytes32; resultHash: string; resultSeal: string };
  readonly authorization: readonly { worker: Address; taskId: TaskId; enclaveChallenge: Address; message: string; signedHash: string }[];
  readonly enclave: { resultHash: Bytes32; resultSeal: Bytes32; message: string; signedHash: string };
}

it('ids.json', () => {
  const { requestHash, deals, tasks, result, authorization, enclave } = readVector<IdVectors>('ids');
  for (const vector of deals) expect(dealId(requestHash, BigInt(vector.consumed))).toBe(vector.dealId);
  for (const vector of tasks) expect(taskId(vector.dealId, BigInt(vector.index))).toBe(vector.taskId);
  expect(resultHash(result.taskId, result.resultDigest)).toBe(result.resultHash);
  expect(resultSeal(result.worker, result.taskId, result.resultDigest)).toBe(result.resultSeal);
  for (const vector of authorization) {
    const message = authorizationHash(vector.worker, vector.taskId, vector.enclaveChallenge);
    expect([message, personalSignDigest(message)]).toEqual([vector.message, vector.signedHash]);
  }
  const message = enclaveHash(enclave.resultHash, enclave.resultSeal);
  expect([message, personalSignDigest(message)]).toEqual([enclave.message, enclave.signedHash]);
});

export interface ConsensusVectors {
  readonly weights: readonly { readonly score: string; readonly weight: string; readonly share: string }[];
  readonly freshWorkersNeeded: readonly { readonly trust: string; readonly workers: string }[];
  readonly punishedScores: readonly { readonly score: string; readonly after: string }[];
  readonly kitty: readonly { readonly pot: string; readonly paid: string }[];
  readonly examples: readonly {
    readonly name: string;
    readonly trust: string;
    readonly scores: readonly string[];
    readonly values: readonly string[];
    readonly winner: string;
    readonly consensusAfter: string;
    readonly scoresAfter: readonly string[];
  }[];
}

describe('consensus.json', () => {
  const { weights, freshWorkersNeeded, punishedScores, kitty, examples } = readVector<ConsensusVectors>('consensus');

  it('weights, shares, penalties and the kitty', () => {
    for (const { score, weight, share } of weights) {
      expect([workerWeight(BigInt(score)), logWeight(BigInt(score))]).toEqual([BigInt(weight), BigInt(share)]);
    }
    for (const { score, after } of punishedScores) expect(scoreAfterFault(BigInt(score))).toBe(BigInt(after));
    for (const { pot, paid } of kitty) expect(kittyShare(BigInt(pot))).toBe(BigInt(paid));
  });

  it.each(freshWorkersNeeded)('trust $trust needs $workers fresh workers', ({ trust, workers }) => {
    const fresh = Array.from({ length: 40 }, () => 0n);
    expect(requiredWorkers(BigInt(trust), fresh)).toBe(Number(workers));
  });

  it.each(examples)('$name', ({ trust, scores, values, winner, consensusAfter, scoresAfter }) => {
    const groups = new Map<string, bigint>();
    let total = 1n;
    const reachedAfter = values.findIndex((value, at) => {
      const votes = addVote({ group: groups.get(value) ?? 0n, total }, workerWeight(BigInt(scores[at] ?? '0')));
      groups.set(value, votes.group);
      total = votes.total;
      return consensusReached({ ...votes, trust: BigInt(trust) });
    });
    expect(reachedAfter + 1).toBe(Number(consensusAfter));
    const after = values.map((value, at) => {
      const score = BigInt(scores[at] ?? '0');
      return (value === winner ? scoreAfterSuccess(score) : scoreAfterFault(score)).toString();
    });
    expect(after).toEqual(scoresAfter);
  });
});

interface TagVectors {
  readonly matches: readonly { app: Bytes32; dataset: Bytes32; request: Bytes32; workerpool: Bytes32; deal: string; outcome: string }[];
}

it('tags.json', () => {
  const [view] = fc.sample(anyMatchView({ dataset: true }), { numRuns: 1, seed: 1 });
  invariant(view !== undefined, 'One view was drawn');
  for (const { app, dataset, request, workerpool, deal, outcome } of readVector<TagVectors>('tags').matches) {
    const [issue] = checkMatch({
      ...view,
      appOrder: { ...view.appOrder, tag: app },
      datasetOrder: { ...view.datasetOrder, tag: dataset },
      requestOrder: { ...view.requestOrder, tag: request },
      workerpoolOrder: { ...view.workerpoolOrder, tag: workerpool },
    });
    expect(dealTag({ app, dataset, request })).toBe(deal);
    expect(issue?.revert.kind === 'string' ? issue.revert.reason : 'match').toBe(outcome);
  }
});
