import { readFileSync } from 'node:fs';
import { GleanerError, type UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as rules from '../../src/index.ts';
import { addressOf, anyBatchWorld, type BatchWorld, playBatch } from '../../src/testing.ts';

type Kind = 'whole' | 'amount' | 'word' | 'address' | 'share' | 'time' | 'exponent' | 'percent' | 'tag';

const word = (digit: string): never => `0x${digit.repeat(64)}` as never;
const NOTHING: readonly unknown[] = [null, undefined, {}, [], true, Object.create(null), Symbol('x')];
const NO_BYTES: readonly unknown[] = ['', 'zz', '0x', '0x12', `0x${'g'.repeat(64)}`, `0x${'1'.repeat(66)}`, 7, 7n];

/** Out of every documented range, of any function. */
const HOSTILE: Readonly<Record<Kind, readonly unknown[]>> = {
  whole: [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53, '3', 3n],
  exponent: [Number.NaN, -1, 0.5, 16, 'any time', 3n],
  amount: [-1n, 2n ** 256n, 5, 0.5, Number.NaN, '5'],
  percent: [-1n, 21n, 5, Number.NaN, '5'],
  word: NO_BYTES,
  tag: NO_BYTES,
  address: [...NO_BYTES, word('1')],
  share: ['low', 'toString', '__proto__', '', 'Standard', 3],
  time: [-1n, 2n ** 48n, 5, Number.NaN, '5'],
};

interface Row {
  /** Arguments that are right, by path. */
  readonly args: Readonly<Record<string, readonly [Kind, unknown]>>;
  readonly call: (args: Readonly<Record<string, never>>) => unknown;
}

const row = (args: Row['args'], call: (args: Readonly<Record<string, never>>) => unknown): Row => ({ args, call });
const seatKey = { batchId: ['word', word('1')], round: ['whole', 1], seat: ['whole', 2] } as const;
const seatPath = { seed: ['word', word('2')], ...seatKey } as const;
const share = ['share', 'standard'] as const;
const trust = ['whole', 100] as const;
const prices = { app: ['amount', 1n], dataset: ['amount', 1n], workerpool: ['amount', 1n] } as const;
const times = { at: ['time', 1_000n], timeref: ['amount', 60n] } as const;
const weights = rules.setWeight(rules.EMPTY_WEIGHTS, { operator: 1, weight: 10, now: 0 }).tree;
const domain = rules.orderDomain({ chainId: 1, hubAddress: addressOf('hub') });
const regime = { regime: 'assured', share: 'standard', withoutHistory: false, batchExponent: 1, valueExponent: 1 } as const;
const rule = { lead: ['whole', 3], maxDraws: ['whole', 75] } as const;
const path = rules.drawPath(weights, 3, 2);

/** Every function that must refuse what it is not defined for. */
const TABLE: Readonly<Record<string, Row>> = {
  acceptanceThresholds: row({ trust, share, passed: ['whole', 0] }, (a) =>
    rules.acceptanceThresholds(a['trust'] as never, a['share'] as never, a['passed'] ?? (null as never)),
  ),
  isEnough: row({ seats: ['whole', 1], credibility: ['whole', 5] }, ({ seats, credibility }) =>
    rules.isEnough([Number.POSITIVE_INFINITY, 3, 0], seats as never, credibility as never),
  ),
  maxSeats: row({ trust, share }, (a) => rules.maxSeats(a['trust'] as never, a['share'] as never)),
  seatsWithoutCredibility: row({ trust, share }, (a) => rules.seatsWithoutCredibility(a['trust'] as never, a['share'] as never)),
  checkCredit: row({ share, seats: ['whole', 2] }, (a) => rules.checkCredit(a['share'] as never, a['seats'] as never)),
  creditOfSeat: row({ share, seats: ['whole', 2], seat: ['whole', 1] }, (a) =>
    rules.creditOfSeat(a['share'] as never, a['seats'] as never, a['seat'] as never),
  ),
  addCredibility: row({ credibility: ['whole', 2], credit: ['whole', 1] }, (a) =>
    rules.addCredibility(a['credibility'] as never, a['credit'] as never),
  ),
  refereeLead: row({ trust, share }, (a) => rules.refereeLead(a['trust'] as never, a['share'] as never)),
  refereeRule: row({ trust, share }, (a) => rules.refereeRule(a['trust'] as never, a['share'] as never)),
  refereeVerdict: row({ vote: ['whole', 3], drawn: ['whole', 5], ...rule }, (a) =>
    rules.refereeVerdict([1, a['vote'] as never], a['drawn'] as never, a as never),
  ),
  nextCommittee: row({ drawn: ['whole', 5], ...rule }, (a) => rules.nextCommittee(a['drawn'] as never, a as never)),
  samplingRate: row({ value: ['amount', 1n], pay: ['amount', 1n], bond: ['amount', 1n], share }, (a) => rules.samplingRate(a as never)),
  isSampled: row({ point: ['whole', 1], rate: ['whole', 6_554] }, (a) => rules.isSampled(a['point'] as never, a['rate'] as never)),
  samplingPoint: row({ seed: ['word', word('2')], batchId: ['word', word('1')], round: ['whole', 1] }, (a) =>
    rules.samplingPoint(a['seed'] as never, a['batchId'] as never, a['round'] as never),
  ),
  requiredBond: row({ value: ['amount', 1n], pay: ['amount', 1n], share, rate: ['whole', 6_554] }, (a) => rules.requiredBond(a as never)),
  disputeBond: row({ price: ['amount', 1n], share }, (a) => rules.disputeBond(a as never)),
  leastSeatBond: row({ pay: ['amount', 1n], share, maxSeats: ['whole', 8] }, (a) => rules.leastSeatBond(a as never)),
  operatorCapacity: row({ bond: ['amount', 9n], seatBond: ['amount', 2n] }, (a) => rules.operatorCapacity(a as never)),
  busyWeight: row({ seatBond: ['amount', 9n], batches: ['amount', 2n] }, (a) => rules.busyWeight(a as never)),
  stepFees: row({ stepFee: ['amount', 1n], seats: ['whole', 2], batches: ['amount', 3n] }, (a) => rules.stepFees(a as never)),
  escrowFor: row({ ...prices, tasks: ['amount', 1n], batches: ['amount', 1n], seats: ['whole', 2], stepFee: ['amount', 1n] }, (a) =>
    rules.escrowFor(a as never, a as never),
  ),
  divideSeatPay: row({ pay: ['amount', 100n], percent: ['percent', 5n] }, (a) =>
    rules.divideSeatPay(a['pay'] as never, a['percent'] as never),
  ),
  silencePenalty: row({ pay: ['amount', 1n], constant: ['amount', 1n] }, (a) => rules.silencePenalty(a as never)),
  nextPriceFloor: row({ floor: ['amount', 9n], busy: ['amount', 1n], total: ['amount', 80n], minimum: ['amount', 1n] }, (a) =>
    rules.nextPriceFloor(a as never),
  ),
  batchId: row({ deal: ['word', word('1')], index: ['amount', 1n] }, (a) => rules.batchId(a['deal'] as never, a['index'] as never)),
  batchCount: row({ volume: ['amount', 5n], exponent: ['exponent', 1] }, (a) =>
    rules.batchCount(a['volume'] as never, a['exponent'] as never),
  ),
  batchRange: row({ volume: ['amount', 5n], exponent: ['exponent', 1], index: ['amount', 0n] }, (a) =>
    rules.batchRange(a['volume'] as never, a['exponent'] as never, a['index'] as never),
  ),
  batchOfTask: row({ position: ['amount', 5n], exponent: ['exponent', 1] }, (a) =>
    rules.batchOfTask(a['position'] as never, a['exponent'] as never),
  ),
  taskLeaf: row({ task: ['word', word('1')], digest: ['word', word('2')] }, (a) =>
    rules.taskLeaf(a['task'] as never, a['digest'] as never),
  ),
  batchRoot: row({ leaf: ['word', word('1')] }, (a) => rules.batchRoot([word('3'), a['leaf'] as never])),
  batchProof: row({ leaf: ['word', word('1')], proven: ['word', word('3')] }, (a) =>
    rules.batchProof([word('3'), a['leaf'] as never], a['proven'] as never),
  ),
  sealOf: row(
    {
      ...seatKey,
      operator: ['address', addressOf('o')],
      root: ['word', word('3')],
      traceRoot: ['word', word('4')],
      salt: ['word', word('5')],
    },
    (a) => rules.sealOf(a as never, a['operator'] as never, a as never),
  ),
  opens: row({ ...seatKey, operator: ['address', addressOf('o')] }, (a) =>
    rules.opens(word('1'), a as never, a['operator'] as never, { root: word('1'), traceRoot: word('1'), salt: word('1') }),
  ),
  voteSealOf: row(
    {
      disputeId: ['word', word('1')],
      draw: ['whole', 1],
      operator: ['address', addressOf('o')],
      value: ['word', word('3')],
      salt: ['word', word('4')],
    },
    (a) => rules.voteSealOf(a as never, a['operator'] as never, a as never),
  ),
  opensVote: row({ disputeId: ['word', word('1')], draw: ['whole', 1], operator: ['address', addressOf('o')] }, (a) =>
    rules.opensVote(word('1'), a as never, a['operator'] as never, { value: word('1'), salt: word('1') }),
  ),
  hashOperatorMessage: row(
    {
      operator: ['address', addressOf('o')],
      classId: ['word', word('1')],
      signer: ['address', addressOf('s')],
      weight: ['amount', 1n],
      nonce: ['amount', 1n],
    },
    (a) => [
      rules.hashOperatorMessage(
        'Enrol',
        { ...(a as never as object), weight: notWhole(a['weight']), nonce: notWhole(a['nonce']) } as never,
        domain,
      ),
    ],
  ),
  drawValue: row({ ...seatPath, attempt: ['whole', 0], skip: ['whole', 0] }, (a) => rules.drawValue(a as never, a as never)),
  drawSeat: row({ ...seatPath, epoch: ['whole', 2], attempt: ['whole', 0] }, (a) =>
    rules.drawSeat({ ...(a as never as rules.SeatDraw), weights, isExcluded: () => false }, a['attempt'] as never),
  ),
  refereeDrawValue: row({ seed: ['word', word('1')], disputeId: ['word', word('2')], draw: ['whole', 1] }, (a) =>
    rules.refereeDrawValue(a['seed'] as never, a['disputeId'] as never, a['draw'] as never),
  ),
  drawReferees: row(
    { epoch: ['whole', 2], seed: ['word', word('1')], disputeId: ['word', word('2')], first: ['whole', 1], size: ['whole', 5] },
    (a) => rules.drawReferees({ ...(a as never as rules.SeatDraw), disputeId: a['disputeId'] as never, weights }, a as never),
  ),
  setWeight: row({ operator: ['whole', 1], weight: ['whole', 1], now: ['whole', 1] }, (a) => rules.setWeight(weights, a as never)),
  totalWeight: row({ epoch: ['whole', 2] }, (a) => rules.totalWeight(weights, a['epoch'] as never)),
  weightOf: row({ operator: ['whole', 1], epoch: ['whole', 2] }, (a) =>
    rules.weightOf(weights, a['operator'] as never, a['epoch'] as never),
  ),
  findOperator: row({ point: ['whole', 1], epoch: ['whole', 2] }, (a) =>
    rules.findOperator(weights, a['point'] as never, a['epoch'] as never),
  ),
  drawPath: row({ point: ['whole', 1], epoch: ['whole', 2] }, (a) => rules.drawPath(weights, a['point'] as never, a['epoch'] as never)),
  encodeNode: row({ epoch: ['whole', 2], weight: ['whole', 1] }, (a) =>
    rules.encodeNode({ epoch: a['epoch'] as never, weights: [a['weight'] as never] }),
  ),
  checkDraw: row({ value: ['amount', 3n], epoch: ['whole', 2] }, (a) => rules.checkDraw(path, a['value'] as never, a['epoch'] as never)),
  readRegime: row({ tag: ['tag', rules.tagFromBits(0n)] }, (a) => rules.readRegime(a['tag'] as never)),
  matchRegime: row({ request: ['tag', rules.tagFromBits(0n)], workerpool: ['tag', rules.tagFromBits(0n)] }, (a) =>
    rules.matchRegime(a as never),
  ),
  encodeRegime: row({ share, batchExponent: ['exponent', 1], valueExponent: ['exponent', 1] }, (a) =>
    rules.encodeRegime({ ...regime, ...(a as object) }),
  ),
  encodeAssuredOffer: row({ share, batchExponent: ['exponent', 1], valueExponent: ['exponent', 1] }, (a) =>
    rules.encodeAssuredOffer({ ...regime, ...(a as object) }),
  ),
  declaredValue: row({ valueExponent: ['exponent', 1], pay: ['amount', 1n] }, (a) => rules.declaredValue(a as never, a['pay'] as never)),
  attemptAt: row({ ...times, now: ['time', 2_000n] }, (a) => rules.attemptAt(a['at'] as never, a['timeref'] as never, a['now'] as never)),
  attemptStart: row({ ...times, attempt: ['whole', 1] }, (a) =>
    rules.attemptStart(a['at'] as never, a['timeref'] as never, a['attempt'] as never),
  ),
  attemptDeadline: row({ ...times, attempt: ['whole', 1] }, (a) =>
    rules.attemptDeadline(a['at'] as never, a['timeref'] as never, a['attempt'] as never),
  ),
  batchDeadline: row({ ...times, maxSeats: ['whole', 8] }, (a) =>
    rules.batchDeadline(a['at'] as never, a['timeref'] as never, a['maxSeats'] as never),
  ),
  roundSpans: row({ maxSeats: ['whole', 8] }, (a) => rules.roundSpans(a['maxSeats'] as never)),
  openingDeadline: row(times, (a) => rules.openingDeadline(a['at'] as never, a['timeref'] as never)),
  committeeDeadline: row(times, (a) => rules.committeeDeadline(a['at'] as never, a['timeref'] as never)),
  disputeDeadline: row(times, (a) => rules.disputeDeadline(a['at'] as never, a['timeref'] as never)),
  unbondedAt: row(times, (a) => rules.unbondedAt(a['at'] as never, a['timeref'] as never)),
  graceDeadline: row({ at: ['time', 1n] }, (a) => rules.graceDeadline(a['at'] as never)),
  windowEnd: row({ at: ['time', 1n] }, (a) => rules.windowEnd(a['at'] as never)),
  epochOf: row({ at: ['time', 1n] }, (a) => rules.epochOf(a['at'] as never)),
  countSilence: row({ requester: ['address', addressOf('r')] }, (a) => rules.countSilence([], a['requester'] as never)),
};

/** Numbers and bigints are both right for an integer of EIP-712; what the table holds for amounts is then no error. */
const notWhole = (value: unknown): unknown => (value === 5 ? Number.NaN : value);

/** Answered without an error, or with a refusal of their own; see the tests below. */
const OTHERWISE = [
  'applyBatchEvent',
  'balance',
  'batchLock',
  'checkAssuredMatch',
  'decideBatch',
  'held',
  'isInBatch',
  'isSilentTooOften',
  'openBatch',
];

const errorOf = (act: () => unknown): unknown => {
  try {
    return { answer: act() };
  } catch (error) {
    return error;
  }
};

describe('arguments that no rule is defined for', () => {
  it('are tried on every exported function of the assured regime', () => {
    const source = readFileSync(new URL('../../src/index.ts', import.meta.url), 'utf8');
    const names = [...source.matchAll(/export (type )?\{([^}]*)\} from '\.\/assured\//g)]
      .filter(([, onlyTypes]) => onlyTypes === undefined)
      .flatMap(([, , list]) => (list as string).split(',').map((name) => name.trim()))
      .filter((name) => name !== '' && !name.startsWith('type ') && typeof (rules as Record<string, unknown>)[name] === 'function');
    expect(names.length).toBeGreaterThan(60);
    expect([...Object.keys(TABLE), ...OTHERWISE].sort()).toEqual(names.sort());
  });

  it.each(Object.entries(TABLE))('%s takes what is right, and names what is not', (_, { args, call }) => {
    const good = Object.fromEntries(Object.entries(args).map(([name, [, value]]) => [name, value]));
    expect(errorOf(() => call(good as never))).toHaveProperty('answer');
    for (const [name, [kind]] of Object.entries(args)) {
      for (const value of [...HOSTILE[kind], ...NOTHING]) {
        // An argument that may be left out is not wrong when it is.
        if (value === undefined && name === 'passed') continue;
        const error = errorOf(() => call({ ...good, [name]: value } as never));
        const what = `${name} = ${typeof value === 'symbol' ? 'a symbol' : typeof value === 'object' ? `an ${Array.isArray(value) ? 'array' : 'object'}` : `${String(value)} (${typeof value})`}`;
        expect(error, what).toBeInstanceOf(GleanerError);
        if (typeof value === 'number' && name !== 'salt') expect((error as GleanerError).message, what).toContain(String(value));
      }
    }
  });

  it('have the limits of the page: one beyond is refused', () => {
    const beyond: readonly (() => unknown)[] = [
      () => rules.requiredBond({ value: 1n, pay: 1n, share: 'standard', rate: 0 }),
      () => rules.requiredBond({ value: 1n, pay: 1n, share: 'standard', rate: 6_553 }),
      () => rules.requiredBond({ value: 1n, pay: 1n, share: 'standard', rate: 65_537 }),
      () => rules.isSampled(65_536, 1),
      () => rules.isSampled(1, 65_537),
      () => rules.maxSeats(0, 'high'),
      () => rules.maxSeats(1_000_000_001, 'high'),
      () => rules.acceptanceThresholds(1, 'high', 256),
      () => rules.operatorCapacity({ bond: 1n, seatBond: 0n }),
      () => rules.nextPriceFloor({ floor: 1n, busy: 1n, total: 7n, minimum: 1n }),
      () => rules.refereeVerdict([3, 3], 5, { lead: 3, maxDraws: 75 }),
      () => rules.refereeVerdict([], 0, { lead: 0, maxDraws: 75 }),
      () => rules.samplingPoint(word('1'), word('1'), 0),
      () => rules.samplingPoint(word('1'), word('1'), 256),
      () => rules.creditOfSeat('high', 2, 0),
      () => rules.addCredibility(2 ** 32, 0),
      () => rules.setWeight(weights, { operator: rules.MAX_OPERATORS, weight: 1, now: 1 }),
      () => rules.setWeight(weights, { operator: 2, weight: rules.MAX_TOTAL_WEIGHT, now: 1 }),
      () => rules.setWeight(rules.setWeight(weights, { operator: 2, weight: 1, now: 5 }).tree, { operator: 2, weight: 1, now: 4 }),
      () => rules.setWeight(weights, { operator: 2, weight: 1, now: 2 ** 32 - 2 }),
      () => rules.encodeNode({ epoch: 2 ** 32, weights: [] }),
      () => rules.encodeNode({ epoch: 1, weights: [2 ** 28] }),
      () => rules.encodeNode({ epoch: 1, weights: new Array<number>(9).fill(1) }),
      () => rules.findOperator(weights, 10, 2),
      () => rules.drawValue({ seed: word('1'), batchId: word('1'), round: 1, seat: 1 }, { attempt: 65_536, skip: 0 }),
      () => rules.drawValue({ seed: word('1'), batchId: word('1'), round: 1, seat: 1 }, { attempt: 0, skip: 256 }),
      () => rules.drawValue({ seed: word('1'), batchId: word('1'), round: 0, seat: 1 }, { attempt: 0, skip: 0 }),
      () => rules.refereeDrawValue(word('1'), word('1'), 65_536),
      () => rules.voteSealOf({ disputeId: word('1'), draw: 65_536 }, addressOf('o'), { value: word('1'), salt: word('1') }),
      () => rules.hashOperatorMessage('Ready', { batchId: word('1'), round: 256, seats: 1 }, domain),
      () => rules.hashOperatorMessage('Other' as never, {} as never, domain),
      () => rules.hashOperatorMessage('Ready', { batchId: word('1'), round: 1, seats: 1 }, { ...domain, verifyingContract: 'zz' as never }),
      () => rules.batchRoot(new Array<never>(1_025).fill(word('1'))),
      () => rules.countSilence([1, 2, 3, 4], addressOf('r')),
      () => rules.windowEnd(1n as UnixSeconds, -1n as UnixSeconds),
    ];
    for (const act of beyond) expect(errorOf(act), act.toString()).toBeInstanceOf(GleanerError);
  });

  it('do not include the case of hex digits', () => {
    const [low, high] = [word('a'), word('A')];
    const key = { batchId: low, round: 1, seat: 1 };
    const opening = { root: low, traceRoot: low, salt: low };
    const seal = rules.sealOf(key, addressOf('o'), opening);
    const loud = `0x${seal.slice(2).toUpperCase()}` as never;
    expect(rules.sealOf({ ...key, batchId: high }, addressOf('o').toLowerCase() as never, { ...opening, root: high })).toBe(seal);
    expect(rules.opens(loud, key, addressOf('o'), { ...opening, salt: high })).toBe(true);
    expect(rules.taskLeaf(high, low)).toBe(rules.taskLeaf(low, low));
    const leaves = [word('b'), low, word('9')] as never[];
    const mixed = [word('B'), high, word('9')] as never[];
    expect(rules.batchRoot(mixed)).toBe(rules.batchRoot(leaves));
    expect(rules.isInBatch(rules.batchRoot(leaves).toUpperCase().replace('0X', '0x') as never, high, rules.batchProof(mixed, low))).toBe(
      true,
    );
    expect(rules.samplingPoint(high, high, 1)).toBe(rules.samplingPoint(low, low, 1));
  });
});

describe('what strangers hand over', () => {
  const opening = { root: word('1'), traceRoot: word('1'), salt: word('1') };
  const key = { batchId: word('1'), round: 1, seat: 1 } as const;

  it('opens and proves nothing when it is not made of words', () => {
    for (const value of [...NO_BYTES, ...NOTHING] as never[]) {
      expect(rules.opens(rules.sealOf(key, addressOf('o'), opening), key, addressOf('o'), { ...opening, salt: value })).toBe(false);
      expect(rules.opens(value, key, addressOf('o'), opening)).toBe(false);
      expect(rules.opensVote(value, { disputeId: word('1'), draw: 0 }, addressOf('o'), { value: word('1'), salt: word('1') })).toBe(false);
      expect(rules.isInBatch(word('1'), word('1'), [value])).toBe(false);
      expect(rules.isInBatch(value, word('1'), [])).toBe(false);
    }
  });

  it('is no draw when its words are none, or have no weight', () => {
    for (const value of [...HOSTILE.amount, ...NOTHING] as never[]) {
      for (const field of ['word', 'next'])
        expect(rules.checkDraw([{ ...(path[0] as rules.PathWord), [field]: value }, ...path.slice(1)], 1n, 2)).toEqual({
          fault: 'not-a-word',
        });
    }
    const empty = path.map((step) => ({ ...step, word: rules.encodeNode({ epoch: 1, weights: [] }) }));
    expect(rules.checkDraw(empty, 1n, 2)).toEqual({ fault: 'no-weight' });
  });

  it('does not keep a secret out of an error only to print it: salts are not shown', () => {
    const error = errorOf(() => rules.sealOf(key, addressOf('o'), { ...opening, salt: '0xsecret' as never }));
    expect((error as GleanerError).message).not.toContain('secret');
  });
});

describe('messages to a batch', () => {
  const [world] = fc.sample(anyBatchWorld(), { numRuns: 1, seed: 11 }) as [BatchWorld];
  const { steps } = playBatch(world, { interference: true, maxSteps: 400 });
  const state = world.start;
  const now = world.startAt;
  const EVENTS: Readonly<Record<rules.BatchEvent['kind'], Readonly<Record<string, readonly [Kind | 'list' | 'text' | 'flag', unknown]>>>> =
    {
      commit: { operator: ['whole', 1], seal: ['word', `0x${'1'.repeat(56)}`], seed: ['word', word('1')] },
      reportPassed: { seat: ['whole', 1], attempt: ['whole', 0], declined: ['flag', false], seed: ['word', word('1')] },
      open: { root: ['word', word('1')], traceRoot: ['word', word('1')], salts: ['list', []] },
      replaceUnready: { ready: ['list', []] },
      convictUnopened: { round: ['whole', 1], seat: ['whole', 1] },
      closeLate: {},
      dispute: { disputer: ['text', 'right'], root: ['word', word('1')] },
      referees: { first: ['whole', 0], votes: ['list', []], seed: ['word', word('1')] },
      settleDispute: {},
      convictedElsewhere: { operator: ['whole', 1], compensation: ['amount', 1n] },
      seatsElsewhere: { operator: ['whole', 1], open: ['whole', 1] },
      judgeAgain: {},
      release: {},
    };
  const WRONG: Readonly<Record<string, readonly unknown[]>> = {
    ...HOSTILE,
    list: ['x', 5, {}, [5.5], [{}], [null], [{ round: 1, seat: 0.5, salt: word('1') }], [{ operator: 'length', root: word('1') }]],
    text: ['', 5, 'x'.repeat(300)],
    flag: ['yes', 1],
  };

  it.each(Object.entries(EVENTS))('%s with a wrong field is refused as malformed and changes nothing', (kind, fields) => {
    const good = Object.fromEntries(Object.entries(fields).map(([name, [, value]]) => [name, value]));
    const common = { kind, now, carrier: 'carrier', ...good };
    expect(rules.applyBatchEvent(state, common as never)).not.toEqual({ refused: 'malformed' });
    const all = { now: ['time'], carrier: ['text'], ...fields } as Readonly<Record<string, readonly [string]>>;
    for (const [name, [type]] of Object.entries(all)) {
      const nothing = NOTHING.filter((value) => !(type === 'list' && Array.isArray(value)) && !(type === 'flag' && value === true));
      for (const value of [...(WRONG[type] as readonly unknown[]), ...nothing])
        expect(rules.applyBatchEvent(state, { ...common, [name]: value } as never), `${kind}.${name}`).toEqual({ refused: 'malformed' });
    }
  });

  it('of no kind, of nobody, or from before the last one are refused', () => {
    for (const event of [...NOTHING, { kind: 'other', now, carrier: 'c' }, { kind: '__proto__', now, carrier: 'c' }])
      expect(rules.applyBatchEvent(state, event as never)).toEqual({ refused: 'malformed' });
    const cyclic: Record<string, unknown> = { kind: 'release', now, carrier: 'c' };
    cyclic['self'] = cyclic;
    expect(rules.applyBatchEvent(state, cyclic as never)).toEqual({ refused: 'wrong-phase' });
    const nobody = { kind: 'convictedElsewhere', operator: state.operators.length, compensation: 0n, now, carrier: 'c' } as const;
    expect(rules.applyBatchEvent(state, nobody)).toEqual({ refused: 'no-such-operator' });
    expect(rules.applyBatchEvent(state, { ...nobody, now: (now - 1n) as UnixSeconds })).toEqual({ refused: 'time-reversed' });
  });

  it('never make a plan that fails, whatever operators hand to the carrier', () => {
    const junk = new Map([1, 2, 3].map((seat) => [seat, { root: 'zz', traceRoot: 7, salt: null } as never]));
    const votes = [...world.behaviours.keys(), 0.5, -1, Number.NaN].flatMap((operator) => [
      { operator, root: 'zz' as never },
      { operator, root: word('1') },
      { operator, root: word('2') },
    ]);
    for (const { before, event } of steps.slice(0, 200)) {
      const seed = 'seed' in event && event.seed !== undefined ? { seed: event.seed } : {};
      const view = { state: before, ready: new Set([0.5, -1, 99, 1]), openings: junk, votes, carrier: 'carrier', ...seed };
      const plan = rules.decideBatch(view, event.now);
      if (plan.kind === 'send') expect(rules.applyBatchEvent(before, plan.event), plan.event.kind).toHaveProperty('state');
      expect(rules.decideBatch(view, (before.at - 1n) as UnixSeconds)).toEqual({ kind: 'await', until: before.at });
    }
    for (const time of HOSTILE.time as never[])
      expect(
        errorOf(() => rules.decideBatch({ state, ready: new Set(), openings: new Map(), votes: [], carrier: 'c' }, time)),
      ).toBeInstanceOf(GleanerError);
  });

  it('are not needed to refuse a batch with accounts that are none', () => {
    const account = state.operators[0] as rules.OperatorAccount;
    const parts = { weights, operators: [account, account], bonds: [1n, 1n], fund: 0n, now };
    const wrong: readonly object[] = [
      { bonds: [1n] },
      { bonds: [1n, -1n] },
      { fund: -1n },
      { now: -1n },
      ...[{ address: 'zz' }, { openElsewhere: 0.5 }, { freeDeclines: -1 }, { silences: [1, 2, 3] }, { silences: [0.5] }].map((part) => ({
        operators: [account, { ...account, ...part }],
      })),
      { operators: [account, { ...account, credibility: { standard: Number.NaN, high: 0 } }] },
    ];
    expect(rules.openBatch(state.terms, parts).phase.kind).toBe('drawing');
    for (const part of wrong)
      expect(
        errorOf(() => rules.openBatch(state.terms, { ...parts, ...part } as never)),
        JSON.stringify(part, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
      ).toBeInstanceOf(GleanerError);
  });
});
