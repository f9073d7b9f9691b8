import type { Bytes32 } from '@gleaner/primitives';
import { formatTag, tagFromBits } from '@gleaner/protocol';
import fc from 'fast-check';
import { CompactSign, importJWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type AttestationVerifier,
  allowsDevelopmentEnclave,
  assertDevelopmentEnclaves,
  assertSubject,
  createDevelopmentRoot,
  createDevVerifier,
  createVerifiers,
  type DevelopmentRoot,
  decideRelease,
  decodeDevelopmentRoot,
  EVIDENCE_KINDS,
  EVIDENCE_SEC,
  measurementOf,
  publicRootOf,
  type ReportSubject,
  reportData,
  rootId,
  signDevEvidence,
} from '../src/index.ts';
import { anyOtherField, anySubject, enclaveOf, NOW } from './anyEvidence.ts';

const RUNS = process.env['GLEANER_DEEP'] === '1' ? 2_000 : 60;

let root: DevelopmentRoot;
let verifier: AttestationVerifier;
beforeAll(async () => {
  root = await createDevelopmentRoot();
  verifier = await createDevVerifier(publicRootOf(root));
});

describe('evidence of a development enclave', () => {
  test('says what was signed, and that it is no hardware', () =>
    check(
      fc.asyncProperty(anySubject, async (subject) => {
        const verified = await verifier.verify(await signDevEvidence(subject, root, NOW), NOW);
        expect(verified).toMatchObject({
          kind: 'dev-insecure',
          hardware: false,
          debug: true,
          claims: subject,
          enclave: enclaveOf(subject),
        });
        expect(verified.reportData).toBe(reportData(subject));
        assertSubject(verified, { ...subject, measurements: [subject.measurement] });
      }),
    ));

  test('is refused with any bit changed', () =>
    check(
      fc.asyncProperty(anySubject, fc.nat(), fc.nat(7), async (subject, position, bit) => {
        const evidence = Buffer.from(await signDevEvidence(subject, root, NOW));
        const at = position % evidence.length;
        evidence[at] = (evidence[at] as number) ^ (1 << bit);
        expect(await failure(evidence.toString('latin1'))).toMatchObject({ code: expect.stringMatching(/^evidence-/) });
      }),
    ));

  test('is refused with each part cut, repeated, padded, spelled otherwise or taken from other evidence', async () => {
    const [one, other] = await Promise.all([signed(), signed()]);
    const [a, b] = [one.split('.') as [string, string, string], other.split('.') as [string, string, string]];
    const broken = [
      '',
      '.',
      '..',
      'a.b.c',
      `${one}.`,
      `${one}=`,
      ` ${one}`,
      `${one}\n`,
      one.slice(0, -1),
      one.toUpperCase(),
      `${one}${one}`,
      [a[0], a[1]].join('.'),
      [...a, a[2]].join('.'),
      [a[0], b[1], a[2]].join('.'),
      [a[0], a[1], b[2]].join('.'),
      [a[0], a[1], ''].join('.'),
      [`${a[0]}=`, a[1], a[2]].join('.'),
      'x'.repeat(1_000_000),
    ];
    for (const evidence of broken) expect((await failure(evidence))?.code, evidence.slice(0, 40)).toBe('evidence-invalid');
  });

  test('of another root is refused', async () => {
    const stranger = await createDevelopmentRoot();
    expect((await failure(await signDevEvidence(await someSubject(), stranger, NOW)))?.details.check).toBe('unknown-root');
    const posing = await forge({ key: stranger, header: { kid: await rootId(root) } });
    expect((await failure(posing))?.details.check).toBe('signature');
  });

  test('with other algorithms, types and headers is refused, whatever signs it', async () => {
    const { x } = publicRootOf(root);
    const hmac = await new CompactSign(Buffer.from(await payload()))
      .setProtectedHeader({ alg: 'HS256', typ: 'dev-enclave-evidence+jwt', kid: await rootId(root) })
      .sign(Buffer.from(x.padEnd(43, 'A')));
    const none = `${encode({ alg: 'none', typ: 'dev-enclave-evidence+jwt', kid: await rootId(root) })}.${encode(JSON.parse(await payload()))}.`;
    for (const evidence of [hmac, none, `${none}${'A'.repeat(86)}`]) expect((await failure(evidence))?.code).toBe('evidence-invalid');
    for (const header of [
      { typ: 'JWT' },
      { typ: undefined },
      { kid: undefined },
      { jku: 'https://example.org' },
      { jwk: publicRootOf(root) },
      { x5c: ['AA=='] },
    ]) {
      expect((await failure(await forge({ header })))?.details.check, JSON.stringify(header)).toBe('header');
    }
  });

  test('claims that the root did sign are still refused when they break a rule', async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ hardware: true }, 'claims-hardware'],
      [{ tee: 'intel-tdx' }, 'kind-unsupported'],
      [{ tee: 'made-up' }, 'kind-unknown'],
      [{ extra: 1 }, 'malformed'],
      [{ nonce: undefined }, 'malformed'],
      [{ signingKey: `0x02${'11'.repeat(64)}` }, 'malformed'],
      [{ exp: NOW + EVIDENCE_SEC + 1 }, 'lives-too-long'],
      [{ iat: NOW + 60, exp: NOW + 90 }, 'not-yet-valid'],
      [{ exp: NOW }, 'expired'],
      [{ reportData: `0x${'00'.repeat(64)}` }, 'report-data'],
    ];
    for (const [claims, check] of cases)
      expect((await failure(await forge({ claims })))?.details.check, JSON.stringify(claims)).toBe(check);
  });

  test('lives for a minute; a clock that gives no time refuses it', async () => {
    const evidence = await signed();
    for (const now of [NOW - 5, NOW, NOW + EVIDENCE_SEC - 1]) await expect(verifier.verify(evidence, now)).resolves.toBeDefined();
    for (const now of [NOW - 6, NOW + EVIDENCE_SEC, Number.NaN, -1, 0, NOW * 1000, Number.POSITIVE_INFINITY])
      expect((await failure(evidence, now))?.code, `${now}`).toBe('evidence-invalid');
  });

  test('the report data covers every field, and a claim of another value is seen', () =>
    check(
      fc.asyncProperty(
        anySubject.chain((subject) => anyOtherField(subject).map((other) => ({ subject, other }))),
        async ({ subject, other }) => {
          expect(reportData(other.subject)).not.toBe(reportData(subject));
          const swapped = await forge({ subject, claims: { [other.field]: other.subject[other.field] } });
          expect((await failure(swapped))?.details.check).toBe('report-data');
        },
      ),
    ));

  test('of another chain, hub, deal, task, worker, nonce or program is not accepted for this one', () =>
    check(
      fc.asyncProperty(
        anySubject.chain((subject) => anyOtherField(subject).map((other) => ({ subject, other }))),
        async ({ subject, other }) => {
          const verified = await verifier.verify(await signDevEvidence(other.subject, root, NOW), NOW);
          const accept = () => assertSubject(verified, { ...subject, measurements: [subject.measurement] });
          if (other.field === 'signingKey' || other.field === 'sealingKey') expect(accept).not.toThrow();
          else
            expect(accept).toThrow(
              expect.objectContaining({ code: other.field === 'measurement' ? 'measurement-unknown' : 'evidence-mismatch' }),
            );
        },
      ),
    ));
});

describe('kinds, policy and switches', () => {
  test('a kind without a verifier is refused', async () => {
    const verifiers = createVerifiers([verifier]);
    const evidence = await signed();
    await expect(verifiers.verify('dev-insecure', evidence, NOW)).resolves.toBeDefined();
    for (const kind of [...EVIDENCE_KINDS.filter((known) => known !== 'dev-insecure'), '', 'toString', 'DEV-INSECURE'])
      await expect(verifiers.verify(kind, evidence, NOW)).rejects.toMatchObject({ code: 'evidence-invalid' });
  });

  test('a policy denies what it does not list', async () => {
    const evidence = await verifier.verify(await signed(), NOW);
    const policy = { kinds: ['dev-insecure'], measurements: [evidence.measurement], tag: formatTag(['tee', 'tdx']) } as const;
    expect(decideRelease(evidence, policy)).toEqual([]);
    expect(decideRelease(evidence, { ...policy, kinds: [] })).toEqual(['kind-not-listed']);
    expect(decideRelease(evidence, { ...policy, measurements: [] })).toEqual(['measurement-not-listed']);
    expect(decideRelease(evidence, { ...policy, tag: formatTag([]) })).toEqual(['tag-not-served']);
    expect(decideRelease({ ...evidence, kind: 'intel-tdx', hardware: false }, policy)).toEqual([
      'kind-not-listed',
      'tag-not-served',
      'debug-enclave',
      'hardware-required',
    ]);
  });

  test('a development enclave serves bit 0 with or without bit 3, and no tag that asks for anything else', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (bits) => {
        expect(allowsDevelopmentEnclave(tagFromBits(bits))).toBe(bits === 1n || bits === 9n);
      }),
    );
    expect([0n, 1n, 3n, 5n, 8n, 9n, 257n, 2n ** 16n + 9n].filter((bits) => allowsDevelopmentEnclave(tagFromBits(bits)))).toEqual([1n, 9n]);
  });

  test('development enclaves count only where chain, hub and operator agree', () => {
    for (const chainId of [1_337_001, 1_346_999, 1, 42_161, 31_337, 1_337_000])
      for (const hubAllows of [true, false])
        for (const switchedOn of [true, false]) {
          const ask = () => assertDevelopmentEnclaves({ chainId, hubAllows, switchedOn });
          if (hubAllows && switchedOn && chainId > 1_337_000 && chainId < 1_347_000) expect(ask).not.toThrow();
          else expect(ask).toThrow(expect.objectContaining({ code: 'enclave-not-allowed' }));
        }
  });

  test('the measurement tells code, program and content id apart', () => {
    const one = { code: `0x${'11'.repeat(32)}` as Bytes32, program: `0x${'22'.repeat(32)}` as const, contentId: 'Qm' };
    const others = [
      { ...one, code: one.program as Bytes32 },
      { ...one, program: one.code },
      { ...one, contentId: 'Qn' },
      { ...one, contentId: '' },
    ];
    expect(new Set([one, ...others].map(measurementOf)).size).toBe(5);
  });

  test('a root that is no root is refused without a word of it', () => {
    for (const text of ['', '{}', '{"kty":"EC","crv":"P-256","x":"s3cret"}', JSON.stringify(publicRootOf(root))])
      expect(() => decodeDevelopmentRoot(text)).toThrow(
        expect.objectContaining({ code: 'key-invalid', message: expect.not.stringContaining('s3cret') }),
      );
    expect(decodeDevelopmentRoot(JSON.stringify(root))).toEqual(root);
  });
});

const check = (property: fc.IAsyncProperty<unknown>) => fc.assert(property, { numRuns: RUNS });

async function failure(evidence: string, now = NOW) {
  return await verifier.verify(evidence, now).then(
    () => undefined,
    (error: { code: string; details: { check: string } }) => error,
  );
}

async function someSubject(): Promise<ReportSubject> {
  return fc.sample(anySubject, 1)[0] as ReportSubject;
}

async function signed(): Promise<string> {
  return await signDevEvidence(await someSubject(), root, NOW);
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function payload(subject?: ReportSubject, claims: object = {}): Promise<string> {
  const evidence = await signDevEvidence(subject ?? (await someSubject()), root, NOW);
  return JSON.stringify({ ...JSON.parse(Buffer.from(evidence.split('.')[1] ?? '', 'base64url').toString()), ...claims });
}

/** Evidence that somebody with the key signed, with other claims or headers. */
async function forge(options: { key?: DevelopmentRoot; subject?: ReportSubject; claims?: object; header?: object }): Promise<string> {
  const header = { alg: 'ES256', typ: 'dev-enclave-evidence+jwt', kid: await rootId(root), ...options.header };
  return await new CompactSign(Buffer.from(await payload(options.subject, options.claims)))
    .setProtectedHeader(JSON.parse(JSON.stringify(header)))
    .sign(await importJWK({ ...(options.key ?? root) }, 'ES256'));
}
