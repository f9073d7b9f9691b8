import type { Address, TaskId } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import {
  burnNonce,
  claimRelease,
  findLastLogRow,
  findSecret,
  hasSecret,
  insertLogRow,
  insertSecret,
  inTransaction,
  listLogRows,
  lockSecretLog,
  purgeNonces,
  replaceSecret,
  type SecretId,
  type Store,
} from '../../src/index.ts';
import { unique32, uniqueAddress } from '../values.ts';

export function secretLaws(store: () => Store): void {
  const anId = (fields: Partial<SecretId> = {}): SecretId => ({ kind: 'requester', owner: uniqueAddress(), name: 'a', ...fields });

  test('a secret is kept byte for byte, under its kind, owner in any letter case, and name', async () => {
    const { db } = store();
    const id = anId();
    expect(await insertSecret(db, id, sealed(1))).toBe(true);
    expect(bytesOf(await findSecret(db, { ...id, owner: id.owner.toUpperCase().replace('0X', '0x') as Address }))).toEqual(
      bytesOf(sealed(1)),
    );
    for (const other of [anId(), { ...id, name: 'A' }, { ...id, kind: 'account' as const }]) {
      expect([await hasSecret(db, other), await findSecret(db, other)]).toEqual([false, undefined]);
    }
  });

  test('it is never overwritten, only replaced where it is', async () => {
    const { db } = store();
    const id = anId();
    expect(await replaceSecret(db, id, sealed(1))).toBe(false);
    const answers = await Promise.all([1, 2, 3, 4, 5].map((value) => insertSecret(db, id, sealed(value))));
    expect(answers.filter((answer) => answer)).toHaveLength(1);
    expect(await replaceSecret(db, id, sealed(9))).toBe(true);
    expect(bytesOf(await findSecret(db, id))).toEqual(bytesOf(sealed(9)));
  });

  test('the log has one line after another, however many append', async () => {
    const { db } = store();
    const append = () =>
      inTransaction(db, async (trx) => {
        await lockSecretLog(trx);
        const last = await findLastLogRow(trx);
        const hash = unique32();
        await insertLogRow(trx, { sequence: (last?.sequence ?? 0n) + 1n, event: 'e', entry: '{}', previous: last?.hash ?? 'start', hash });
      });
    await Promise.all([1, 2, 3, 4, 5, 6].map(append));
    const rows = await listLogRows(db, { after: 0n, limit: 1000 });
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => BigInt(index + 1)));
    for (const [index, { previous }] of rows.entries()) expect(previous).toBe(index === 0 ? 'start' : rows[index - 1]?.hash);
    expect(await listLogRows(db, { after: 2n, limit: 2 })).toEqual(rows.slice(2, 4));
    const fork = { sequence: 1_000n, event: 'e', entry: '{}', previous: rows[0]?.hash ?? '', hash: unique32() };
    await expect(inTransaction(db, (trx) => insertLogRow(trx, fork))).rejects.toMatchObject({ code: 'invariant-broken' });
  });

  test('a nonce burns once, also when many try', async () => {
    const { db } = store();
    const burn = { nonce: unique32(), expiresAt: new Date() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => burnNonce(db, burn)));
    expect(answers.filter((answer) => answer)).toHaveLength(1);
    await purgeNonces(db, new Date(burn.expiresAt.getTime() - 1));
    expect(await burnNonce(db, burn)).toBe(false);
    await purgeNonces(db, new Date(burn.expiresAt.getTime() + 1));
    expect(await burnNonce(db, burn)).toBe(true);
  });

  test('the first enclave of a worker for a task stays', async () => {
    const { db } = store();
    const release = () => ({ taskId, worker, enclave: uniqueAddress(), sealingKey: unique32() });
    const taskId = unique32<TaskId>();
    const worker = uniqueAddress();
    const answers = await Promise.all([release(), release(), release()].map((one) => claimRelease(db, one)));
    expect(new Set(answers.map(({ enclave, sealingKey }) => `${enclave}/${sealingKey}`)).size).toBe(1);
    const other = { ...release(), worker: uniqueAddress() };
    expect(await claimRelease(db, other)).toEqual({ enclave: other.enclave, sealingKey: other.sealingKey });
  });
}

const sealed = (value: number) => ({ nonce: new Uint8Array(12).fill(value), ciphertext: new Uint8Array(40).fill(value) });

const bytesOf = (found?: { nonce: Uint8Array; ciphertext: Uint8Array }) =>
  [found?.nonce, found?.ciphertext].map((part) => [...(part ?? [])]);
