import type { Address, Bytes32, TaskId } from '@gleaner/primitives';
import fc from 'fast-check';
import { encodeAbiParameters, hashStruct, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  type BatchId,
  batchProof,
  batchRoot,
  hashOperatorMessage,
  isInBatch,
  opens,
  orderDomain,
  SEAL_TYPEHASH,
  sealOf,
  taskLeaf,
} from '../../src/index.ts';
import { addressOf, anyAddress, anyBytes32 } from '../../src/testing.ts';

const numRuns = process.env['GLEANER_DEEP'] ? 2_000 : 60;
const anyOpening = fc.record({ root: anyBytes32(), traceRoot: anyBytes32(), salt: anyBytes32() });
const anyKey = fc.record({
  batchId: anyBytes32().map((bytes) => bytes as never as BatchId),
  round: fc.integer({ min: 1, max: 255 }),
  seat: fc.integer({ min: 1, max: 255 }),
});

describe('a seal', () => {
  it('is the hash of the EIP-712 struct of its opening, cut to 28 bytes', () => {
    fc.assert(
      fc.property(anyKey, anyAddress(), anyOpening, (key, operator, opening) => {
        const members = [
          ['batchId', 'bytes32'],
          ['round', 'uint8'],
          ['seat', 'uint8'],
          ['operator', 'address'],
          ['root', 'bytes32'],
          ['traceRoot', 'bytes32'],
          ['salt', 'bytes32'],
        ].map(([name, type]) => ({ name: name as string, type: type as string }));
        const hash = hashStruct({ data: { ...key, operator, ...opening }, primaryType: 'Seal', types: { Seal: members } });
        expect(sealOf(key, operator, opening)).toBe(hash.slice(0, 58));
      }),
      { numRuns },
    );
    expect(SEAL_TYPEHASH).toMatchInlineSnapshot(`"0xdcc900d41862eb4e9bb76d160512d00879f30b76d2d06a005ccaf287219c354d"`);
  });

  it('opens with its own opening, for its own operator and seat, and with nothing else', () => {
    fc.assert(
      fc.property(anyKey, anyAddress(), anyOpening, anyBytes32(), fc.integer({ min: 0, max: 6 }), (key, operator, opening, other, part) => {
        fc.pre(![key.batchId as string, ...Object.values(opening)].includes(other));
        const seal = sealOf(key, operator, opening);
        expect(opens(seal, key, operator, opening)).toBe(true);
        const wrong = [
          () => opens(seal, { ...key, batchId: other as never as BatchId }, operator, opening),
          () => opens(seal, { ...key, round: (key.round % 255) + 1 }, operator, opening),
          () => opens(seal, { ...key, seat: (key.seat % 255) + 1 }, operator, opening),
          () => opens(seal, key, addressOf('somebody else'), opening),
          () => opens(seal, key, operator, { ...opening, root: other }),
          () => opens(seal, key, operator, { ...opening, traceRoot: other }),
          () => opens(seal, key, operator, { ...opening, salt: other }),
        ];
        expect(wrong[part]?.()).toBe(false);
      }),
      { numRuns },
    );
  });
});

describe('messages of operators', () => {
  const hubAddress = addressOf('hub');
  const commit = {
    batchId: keccak256('0x01') as BatchId,
    round: 1,
    seat: 2,
    operator: addressOf('operator'),
    attempt: 3,
    seal: keccak256('0x02').slice(0, 58) as never,
  };

  it('are bound to chain and hub', () => {
    const here = hashOperatorMessage('Commit', commit, orderDomain({ chainId: 1, hubAddress }));
    expect(hashOperatorMessage('Commit', commit, orderDomain({ chainId: 2, hubAddress }))).not.toBe(here);
    expect(hashOperatorMessage('Commit', commit, orderDomain({ chainId: 1, hubAddress: addressOf('other hub') }))).not.toBe(here);
    for (const other of [{ seat: 3 }, { round: 2 }, { attempt: 4 }, { operator: addressOf('other') }]) {
      expect(hashOperatorMessage('Commit', { ...commit, ...other }, orderDomain({ chainId: 1, hubAddress }))).not.toBe(here);
    }
  });

  it('differ by kind even when they say the same', () => {
    const domain = orderDomain({ chainId: 1, hubAddress });
    const classId = keccak256('0x03') as Bytes32;
    const operator: Address = addressOf('operator');
    const leave = hashOperatorMessage('Leave', { operator, classId, nonce: 4n }, domain);
    const enrol = hashOperatorMessage('Enrol', { operator, classId, signer: operator, weight: 5n, nonce: 4n }, domain);
    const change = hashOperatorMessage('ChangeWeight', { operator, classId, weight: 5n, nonce: 4n }, domain);
    const rotate = hashOperatorMessage('Rotate', { operator, classId, signer: operator, nonce: 4n }, domain);
    expect(new Set([leave, enrol, change, rotate]).size).toBe(4);
    const { batchId } = commit;
    const ready = hashOperatorMessage('Ready', { batchId, round: 1, seats: 2 }, domain);
    const decline = hashOperatorMessage('Decline', { batchId, round: 1, seat: 2, attempt: 0 }, domain);
    const vote = hashOperatorMessage('Vote', { disputeId: batchId as never, draw: 2, operator, seal: commit.seal }, domain);
    expect(new Set([ready, decline, vote]).size).toBe(3);
  });
});

describe('the tree of a batch', () => {
  const anyRows = fc.uniqueArray(fc.tuple(anyBytes32(), anyBytes32()), { minLength: 1, maxLength: 40, selector: ([task]) => task });

  it('proves each of its leaves, and no other', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), anyBytes32(), (rows, pick, other) => {
        const leaves = rows.map(([task, digest]) => taskLeaf(task as never as TaskId, digest));
        const root = batchRoot(leaves);
        const leaf = leaves[pick % leaves.length] as Bytes32;
        const proof = batchProof(leaves, leaf);
        expect(isInBatch(root, leaf, proof)).toBe(true);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(leaves.length)));
        const [task] = rows[pick % rows.length] as [Bytes32, Bytes32];
        const forged = taskLeaf(task as never as TaskId, other);
        if (!leaves.includes(forged)) expect(isInBatch(root, forged, proof)).toBe(false);
        expect(isInBatch(root, leaf, [...proof, other])).toBe(false);
        expect(() => batchProof(leaves, other)).toThrow(/one of the batch's/);
      }),
      { numRuns },
    );
  });

  it('does not depend on the order of the tasks, but on every digest', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), anyBytes32(), (rows, pick, other) => {
        const leavesOf = (list: readonly (readonly [Bytes32, Bytes32])[]) =>
          list.map(([task, digest]) => taskLeaf(task as never as TaskId, digest));
        const root = batchRoot(leavesOf(rows));
        expect(batchRoot(leavesOf([...rows].reverse()))).toBe(root);
        const changed = rows.map(([task, digest], at): [Bytes32, Bytes32] => [task, at === pick % rows.length ? other : digest]);
        if (changed.some(([, digest], at) => digest !== rows[at]?.[1])) expect(batchRoot(leavesOf(changed))).not.toBe(root);
      }),
      { numRuns },
    );
  });

  it('hashes leaves as abi.encode does; one leaf is its own root', () => {
    const [task, digest] = [keccak256('0x0a') as TaskId, keccak256('0x0b') as Bytes32];
    const encoded = encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [task, digest]);
    const leaf = taskLeaf(task, digest);
    expect(leaf).toBe(keccak256(keccak256(encoded)));
    expect(batchRoot([leaf])).toBe(leaf);
    expect(batchProof([leaf], leaf)).toEqual([]);
    expect(() => batchRoot([])).toThrow(/from 1 to 1024; got 0/);
  });
});
