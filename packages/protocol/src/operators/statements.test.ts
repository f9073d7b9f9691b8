import type { TaskId } from '@gleaner/primitives';
import fc from 'fast-check';
import { concat, hashTypedData, keccak256, size, slice, toHex } from 'viem';
import { describe, expect, test } from 'vitest';
import { authorizationHash, personalSignDigest } from '../ids.ts';
import { hashDomain, hashOrder } from '../orders/hashOrder.ts';
import { TEST_DOMAIN } from '../testing/matchViews.ts';
import { anyWorkerpoolOrder } from '../testing/orders.ts';
import { anyAddress, anyBytes32 } from '../testing/values.ts';
import { stateAuthorization, stateLogin, stateOrder } from './statements.ts';

const ORDER_TYPE =
  'WorkerpoolOrder(address workerpool,uint256 workerpoolprice,uint256 volume,bytes32 tag,uint256 category,uint256 trust,address apprestrict,address datasetrestrict,address requesterrestrict,bytes32 salt)';
const anySignature = fc.uint8Array({ minLength: 65, maxLength: 65 }).map((bytes) => toHex(bytes));

/** What an operator does: the digest is computed from the statement alone. */
describe('a statement holds what its digest needs, behind the signature', () => {
  test('of an order: ten words after the type hash', () => {
    fc.assert(
      fc.property(anyWorkerpoolOrder(), anySignature, (order, signature) => {
        const stated = stateOrder(order, signature);
        expect([size(stated), slice(stated, 0, 65)]).toEqual([385, signature]);
        const struct = keccak256(concat([keccak256(toHex(ORDER_TYPE)), slice(stated, 65)]));
        const digest = keccak256(concat(['0x1901', hashDomain(TEST_DOMAIN), struct]));
        expect(digest).toBe(hashOrder('workerpool', order, TEST_DOMAIN));
      }),
    );
  });

  test('of an authorisation: the hashed bytes', () => {
    fc.assert(
      fc.property(anyAddress(), anyBytes32(), anyAddress(), anySignature, (worker, task, enclaveChallenge, signature) => {
        const taskId = task as unknown as TaskId;
        const stated = stateAuthorization({ worker, taskId, enclaveChallenge }, signature);
        expect([size(stated), slice(stated, 0, 65)]).toEqual([137, signature]);
        const digest = personalSignDigest(keccak256(slice(stated, 65)));
        expect(digest).toBe(personalSignDigest(authorizationHash(worker, taskId, enclaveChallenge)));
      }),
    );
  });

  test('of a login: the hash of the challenge', () => {
    fc.assert(
      fc.property(fc.string(), anySignature, (challenge, signature) => {
        const stated = stateLogin(challenge, signature);
        expect([size(stated), slice(stated, 0, 65)]).toEqual([97, signature]);
        const domain = keccak256(
          concat([
            keccak256(toHex('EIP712Domain(string name,string version,uint256 chainId)')),
            keccak256(toHex('iExec Gateway')),
            keccak256(toHex('1')),
            toHex(31337, { size: 32 }),
          ]),
        );
        const struct = keccak256(concat([keccak256(toHex('Challenge(string challenge)')), slice(stated, 65)]));
        const expected = hashTypedData({
          domain: { name: 'iExec Gateway', version: '1', chainId: 31337 },
          types: { Challenge: [{ name: 'challenge', type: 'string' }] },
          primaryType: 'Challenge',
          message: { challenge },
        });
        expect(keccak256(concat(['0x1901', domain, struct]))).toBe(expected);
      }),
    );
  });

  test('a signature of another length is a mistake of the caller', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 130 }), (bytes) => {
        fc.pre(bytes.length !== 65);
        expect(() => stateLogin('', toHex(bytes))).toThrow('65 bytes');
      }),
    );
  });
});
