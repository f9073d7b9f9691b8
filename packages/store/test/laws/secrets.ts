import type { Address, TaskId } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import {
  burnNonce,
  claimRelease,
  closeRelease,
  countSecrets,
  findLastLogRow,
  findSecret,
  hasSecret,
  insertLogRow,
  insertSecret,
  inTransaction,
  listAnswers,
  listLogRows,
  listSecrets,
  lockSecretLog,
  purgeNonces,
  replaceSecret,
  resealAnswer,
  resealSecret,
  type SecretId,
  type Store,
  type StoredAnswer,
  type StoredSecret,
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

  test('of the enclaves of a worker for a task the latest is the current one, until one is closed; a few, not many', async () => {
    const { db } = store();
    const release = () => ({ taskId, worker, enclave: uniqueAddress(), sealingKey: unique32() });
    const taskId = unique32<TaskId>();
    const worker = uniqueAddress();
    const claim = (one: ReturnType<typeof release>, value = 1, most = 9) =>
      inTransaction(db, (trx) => claimRelease(trx, one, { answer: sealed(value), most }));
    const close = (one: ReturnType<typeof release>) => inTransaction(db, (trx) => closeRelease(trx, one));
    const [first, second] = [release(), release()];
    expect(await close(first)).toBeUndefined();
    expect(await claim(first, 1)).toMatchObject({ enclave: first.enclave, isClosed: false });
    expect(bytesOf((await claim(first, 2)).answer)).toEqual(bytesOf(sealed(1)));
    expect(await claim(second, 3)).toMatchObject({ enclave: second.enclave, sealingKey: second.sealingKey });
    expect(await close(first)).toBeUndefined();
    const closings = await Promise.all([close(second), close(second), close(second)]);
    expect(closings.filter((before) => before?.isClosed === false)).toHaveLength(1);
    for (const closing of closings) expect(bytesOf(closing?.answer)).toEqual(bytesOf(sealed(3)));
    for (const one of [first, second, release()]) expect(await claim(one, 4)).toMatchObject({ enclave: second.enclave, isClosed: true });
    const elsewhere = { ...release(), worker: uniqueAddress() };
    for (let number = 1; number <= 3; number += 1) {
      const next = { ...elsewhere, enclave: uniqueAddress() };
      expect((await claim(next, number, 2)).enclave === next.enclave).toBe(number <= 2);
    }
  });

  test('many that release and close at once: one enclave at most is ever closed, and it is the current one', async () => {
    const { db } = store();
    const taskId = unique32<TaskId>();
    const worker = uniqueAddress();
    const enclaves = Array.from({ length: 4 }, () => ({ taskId, worker, enclave: uniqueAddress(), sealingKey: unique32() }));
    const closed = new Set<string>();
    await Promise.all(
      enclaves.map(async (one) => {
        await inTransaction(db, (trx) => claimRelease(trx, one, { answer: sealed(1), most: 99 }));
        if ((await inTransaction(db, (trx) => closeRelease(trx, one))) !== undefined) closed.add(one.enclave);
      }),
    );
    expect(closed.size).toBe(1);
    const [after] = await Promise.all(
      enclaves.map((one) => inTransaction(db, (trx) => claimRelease(trx, one, { answer: sealed(2), most: 99 }))),
    );
    expect(after).toMatchObject({ enclave: [...closed][0], isClosed: true });
  });

  test('secrets and keys of answers are read page by page, each once, and sealed anew', async () => {
    const { db } = store();
    const owner = uniqueAddress();
    const ids = ['c', 'a', 'b'].map((name) => ({ kind: 'requester', owner, name }) as const);
    for (const id of ids) await insertSecret(db, id, sealed(7));
    expect(await countSecrets(db, { kind: 'requester', owner })).toBe(3);
    const release = { taskId: unique32<TaskId>(), worker: owner, enclave: uniqueAddress(), sealingKey: unique32() };
    await inTransaction(db, async (trx) => {
      await claimRelease(trx, release, { answer: sealed(7), most: 1 });
      const all: StoredSecret[] = [];
      for (let page = await listSecrets(trx, { limit: 1 }); page.length > 0; ) {
        all.push(...page);
        page = await listSecrets(trx, { after: page[0] as StoredSecret, limit: 1 });
      }
      const own = all.filter((secret) => secret.owner === owner);
      expect(own.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
      expect(new Set(all.map(({ kind, owner, name }) => `${kind}/${owner}/${name}`)).size).toBe(all.length);
      for (const secret of own) await resealSecret(trx, { ...secret, ...sealed(8) });
      const answers: StoredAnswer[] = [];
      for (let page = await listAnswers(trx, { limit: 1 }); page.length > 0; ) {
        answers.push(...page);
        page = await listAnswers(trx, { after: page[0] as StoredAnswer, limit: 1 });
      }
      const answer = answers.filter(({ worker }) => worker === owner);
      expect(answer).toHaveLength(1);
      await resealAnswer(trx, { ...(answer[0] as StoredAnswer), answer: sealed(9) });
      expect(bytesOf((await closeRelease(trx, release))?.answer)).toEqual(bytesOf(sealed(9)));
    });
    for (const id of ids) expect(bytesOf(await findSecret(db, id))).toEqual(bytesOf(sealed(8)));
  });
}

const sealed = (value: number) => ({ nonce: new Uint8Array(12).fill(value), ciphertext: new Uint8Array(40).fill(value) });

const bytesOf = (found?: { nonce: Uint8Array; ciphertext: Uint8Array }) =>
  [found?.nonce, found?.ciphertext].map((part) => [...(part ?? [])]);
