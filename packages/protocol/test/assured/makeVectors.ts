import type { Address, Bytes32, DealId, TaskId } from '@gleaner/primitives';
import { getAddress, keccak256, numberToHex, stringToHex } from 'viem';
import {
  acceptanceThresholds,
  type BatchId,
  batchId,
  batchProof,
  batchRoot,
  checkCredit,
  creditOfSeat,
  disputeBond,
  divideSeatPay,
  drawPath,
  drawReferees,
  drawSeat,
  drawValue,
  EMPTY_WEIGHTS,
  encodeRegime,
  escrowFor,
  HOSTILE_SHARE_NAMES,
  type HostileShare,
  hashOperatorMessage,
  isEnough,
  leastSeatBond,
  MAX_CREDIBILITY,
  MAX_PASSED,
  maxSeats,
  nextPriceFloor,
  orderDomain,
  refereeLead,
  refereeRule,
  refereeVerdict,
  requiredBond,
  SEAL_TYPEHASH,
  samplingPoint,
  samplingRate,
  sealOf,
  setWeight,
  taskLeaf,
  totalWeight,
  VOTE_SEAL_TYPEHASH,
  voteSealOf,
  type WeightTree,
} from '../../src/index.ts';

/** Files of tests/vectors/assured: columns of equal length, numbers as decimal text, bytes as hex. Always the same. */
export function makeAssuredVectors(): Readonly<Record<string, object>> {
  return {
    acceptance: acceptanceVectors(),
    evidence: evidenceVectors(),
    commitments: commitmentVectors(),
    trees: treeVectors(),
    draws: drawVectors(),
    regimes: regimeVectors(),
    prices: priceVectors(),
  };
}

const word = (text: string): Bytes32 => keccak256(stringToHex(text)) as Bytes32;
const addressFor = (text: string): Address => getAddress(`0x${word(text).slice(-40)}`);
const shareFor = (at: number): HostileShare => HOSTILE_SHARE_NAMES[at % 2] as HostileShare;

/** Whole number below the bound, spread over all sizes; fixed by the name and the place. */
function pick(name: string, at: number, bound: bigint): bigint {
  const value = BigInt(word(`${name} ${at}`));
  const size = value & 0xffn;
  return ((value >> 8n) % bound) >> (size % BigInt(bound.toString(2).length));
}

/** Rows as columns: Solidity reads an array of numbers more easily than an array of structs. */
function columns<Row extends Record<string, unknown>>(rows: readonly Row[]): Record<keyof Row, unknown[]> {
  const names = Object.keys(rows[0] as Row) as (keyof Row)[];
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => toJson(row[name]))])) as Record<keyof Row, unknown[]>;
}

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString();
  return Array.isArray(value) ? value.map(toJson) : value;
}

function acceptanceVectors(): object {
  const rows = Array.from({ length: 1_200 }, (_, at) => {
    const trust = Number(pick('trust', at, 1_000_000_000n)) + 1;
    const share = shareFor(at);
    const passed = [0, at % 7, 0, Number(pick('passed', at, BigInt(MAX_PASSED) + 1n))][(at >> 1) % 4] as number;
    const thresholds = acceptanceThresholds(trust, share, passed);
    const seats = 1 + (Number(pick('seats', at, 1_000n)) % (thresholds.length + 1));
    const least = thresholds[seats] ?? 0;
    const sum = Number(pick('credibility', at, BigInt(MAX_CREDIBILITY) * BigInt(seats)));
    const credibility = Number.isFinite(least) ? ([least, Math.max(0, least - 1), sum][at % 3] as number) : sum;
    return {
      trust,
      high: share === 'high',
      passed,
      seats,
      credibility,
      enough: isEnough(thresholds, seats, credibility),
    };
  });
  const tables = [1, 2, 100, 10_000, 1_000_000, 1_000_000_000].flatMap((trust) =>
    HOSTILE_SHARE_NAMES.map((share) => ({
      trust,
      high: share === 'high',
      thresholds: acceptanceThresholds(trust, share).slice(1),
      maxSeats: maxSeats(trust, share),
    })),
  );
  return { cases: columns(rows), tables: columns(tables) };
}

function evidenceVectors(): object {
  const credits = Array.from({ length: 24 }, (_, seats) => ({
    seats,
    standard: checkCredit('standard', seats),
    standardSeatTwo: creditOfSeat('standard', seats, 2),
    high: checkCredit('high', seats),
    highSeatTwo: creditOfSeat('high', seats, 2),
  }));
  const sampling = Array.from({ length: 100 }, (_, at) => {
    const [value, pay, bond] = ['value', 'pay', 'bond'].map((name) => pick(name, at, 10n ** 18n)) as [bigint, bigint, bigint];
    const share = shareFor(at);
    const rate = samplingRate({ value, pay, bond, share });
    return { value, pay, bond, high: share === 'high', rate, requiredBond: requiredBond({ value, pay, share, rate }) };
  });
  const points = Array.from({ length: 20 }, (_, at) => {
    const row = { seed: word(`seed ${at}`), batchId: word(`batch ${at}`), round: at + 1 };
    return { ...row, point: samplingPoint(row.seed, row.batchId as never as BatchId, row.round) };
  });
  const leads = [1, 1_000_000, 2_000_000, 1_000_000_000].flatMap((trust) =>
    HOSTILE_SHARE_NAMES.map((share) => ({ trust, high: share === 'high', lead: refereeLead(trust, share) })),
  );
  const verdicts = Array.from({ length: 60 }, (_, at) => {
    const share = shareFor(at);
    const votes = Array.from({ length: 1 + (at % 4) }, (_, value) => Number(pick(`votes ${value}`, at, 48n)));
    const trust = 10 ** (at % 10);
    const drawn = votes.reduce((sum, count) => sum + count, at % 3);
    return { trust, high: share === 'high', votes, drawn, verdict: refereeVerdict(votes, drawn, refereeRule(trust, share)) };
  });
  return {
    credits: columns(credits),
    sampling: columns(sampling),
    points: columns(points),
    leads: columns(leads),
    verdicts: columns(verdicts),
  };
}

function commitmentVectors(): object {
  const domain = orderDomain({ chainId: 134, hubAddress: addressFor('hub') });
  const rows = Array.from({ length: 40 }, (_, at) => {
    const key = {
      batchId: batchId(word(`deal ${at}`) as never as DealId, BigInt(at)),
      round: 1 + ((at * 39) % 255),
      seat: 1 + ((at * 7) % 255),
    };
    const opening = {
      root: word(`root ${at}`),
      traceRoot: at % 2 === 0 ? (`0x${'0'.repeat(64)}` as Bytes32) : word(`trace ${at}`),
      salt: word(`salt ${at}`),
    };
    const operator = addressFor(`operator ${at}`);
    const attempt = (at * 1_639) % 65_536;
    const seal = sealOf(key, operator, opening);
    return {
      deal: word(`deal ${at}`),
      index: at,
      ...key,
      operator,
      ...opening,
      seal,
      attempt,
      commitDigest: hashOperatorMessage('Commit', { ...key, operator, attempt, seal }, domain),
      readyDigest: hashOperatorMessage('Ready', { batchId: key.batchId, round: key.round, seats: key.seat }, domain),
      declineDigest: hashOperatorMessage('Decline', { ...key, attempt }, domain),
      voteDigest: hashOperatorMessage('Vote', { disputeId: word(`dispute ${at}`), draw: attempt, operator, seal }, domain),
    };
  });
  const messages = Array.from({ length: 10 }, (_, at) => {
    const leave = { operator: addressFor(`operator ${at}`), classId: word(`class ${at}`), nonce: BigInt(at) };
    const enrol = { ...leave, signer: addressFor(`signer ${at}`), weight: pick('weight', at, 2n ** 28n) };
    const { operator, classId, nonce, signer, weight } = enrol;
    return {
      ...enrol,
      enrolDigest: hashOperatorMessage('Enrol', enrol, domain),
      changeWeightDigest: hashOperatorMessage('ChangeWeight', { operator, classId, weight, nonce }, domain),
      rotateDigest: hashOperatorMessage('Rotate', { operator, classId, signer, nonce }, domain),
      leaveDigest: hashOperatorMessage('Leave', leave, domain),
    };
  });
  const votes = Array.from({ length: 20 }, (_, at) => {
    const key = { disputeId: word(`dispute ${at}`), draw: (at * 3_449) % 65_536 };
    const operator = addressFor(`operator ${at}`);
    const opening = { value: word(`value ${at}`), salt: word(`vote salt ${at}`) };
    return { ...key, operator, ...opening, seal: voteSealOf(key, operator, opening) };
  });
  return {
    chainId: '134',
    hub: addressFor('hub'),
    sealTypeHash: SEAL_TYPEHASH,
    voteSealTypeHash: VOTE_SEAL_TYPEHASH,
    seals: columns(rows),
    votes: columns(votes),
    messages: columns(messages),
  };
}

function treeVectors(): object {
  const trees = [1, 2, 3, 4, 5, 7, 8, 13, 33].map((size) => {
    const tasks = Array.from({ length: size }, (_, at) => word(`task ${size} ${at}`));
    const digests = tasks.map((_, at) => word(`digest ${size} ${at}`));
    const leaves = tasks.map((task, at) => taskLeaf(task as never as TaskId, digests[at] as Bytes32));
    const proven = size >> 1;
    return { tasks, digests, root: batchRoot(leaves), proven, proof: batchProof(leaves, leaves[proven] as Bytes32) };
  });
  return columns(trees);
}

/** Thirty operators; some change in every one of five epochs. */
function drawVectors(): object {
  let tree: WeightTree = EMPTY_WEIGHTS;
  const changes: { operator: number; weight: number; now: number }[] = [];
  const change = (operator: number, weight: number, now: number): void => {
    tree = setWeight(tree, { operator, weight, now }).tree;
    changes.push({ operator, weight, now });
  };
  for (let at = 0; at < 30; at += 1) change(at * 37, Number(pick('weight', at, 100_000n)) + 1, 1);
  for (let now = 2; now <= 5; now += 1)
    for (let at = 0; at < 6; at += 1) change(((at * 5 + now) % 30) * 37, (at * now * 911) % 40_000, now);
  const draws = Array.from({ length: 60 }, (_, at) => {
    const epoch = 3 + (at % 5);
    const key = { seed: word(`seed ${at}`), batchId: word(`batch ${at % 7}`) as never as BatchId, round: 1 + (at % 3), seat: 1 + (at % 9) };
    const attempt = at % 4;
    const candidate = drawSeat({ ...key, weights: tree, epoch, isExcluded: (operator) => operator % 2 === 1 }, attempt);
    const skips = candidate?.skips ?? 0;
    const total = totalWeight(tree, epoch);
    const point = drawValue(key, { attempt, skip: skips }) % BigInt(total);
    const path = drawPath(tree, Number(point), epoch);
    const hex = (value: bigint) => numberToHex(value, { size: 32 });
    return {
      epoch,
      ...key,
      attempt,
      skips,
      total,
      point,
      operator: candidate?.operator ?? -1,
      versions: path.map(({ version }) => version),
      words: path.map((step) => hex(step.word)),
      next: path.map((step) => hex(step.next)),
    };
  });
  const referees = Array.from({ length: 10 }, (_, at) => {
    const row = { seed: word(`seed ${at}`), disputeId: word(`dispute ${at}`), epoch: 3 + (at % 5), first: at * 7 };
    return { ...row, operators: drawReferees({ ...row, weights: tree }, { first: row.first, size: 5 }) };
  });
  return { excluded: 'operators with odd indices', changes: columns(changes), draws: columns(draws), referees: columns(referees) };
}

function regimeVectors(): object {
  const rows = Array.from({ length: 40 }, (_, at) => {
    const regime = {
      regime: 'assured',
      share: shareFor(at),
      withoutHistory: at % 3 === 0,
      batchExponent: (at * 3) % 11,
      valueExponent: (at * 7) % 16,
    } as const;
    return {
      tag: encodeRegime(regime),
      high: regime.share === 'high',
      withoutHistory: regime.withoutHistory,
      batchExponent: regime.batchExponent,
      valueExponent: regime.valueExponent,
    };
  });
  return columns(rows);
}

function priceVectors(): object {
  const seats = Array.from({ length: 40 }, (_, at) => {
    const pay = pick('seat pay', at, 10n ** 13n);
    const schedulerPercent = BigInt(at % 21);
    return { pay, schedulerPercent, ...divideSeatPay(pay, schedulerPercent) };
  });
  const batches = Array.from({ length: 40 }, (_, at) => {
    const [app, dataset, workerpool] = ['app', 'dataset', 'pool'].map((name) => pick(name, at, 10n ** 12n)) as [bigint, bigint, bigint];
    const tasks = pick('tasks', at, 1_024n) + 1n;
    const locked = maxSeats(10 ** (at % 10), shareFor(at));
    const batches = pick('batches', at, 1_000n) + 1n;
    const stepFee = pick('step fee', at, 10n ** 9n);
    const lock = escrowFor({ app, dataset, workerpool }, { tasks, batches, seats: locked, stepFee });
    return { app, dataset, workerpool, tasks, locked, batches, stepFee, lock };
  });
  const floors = Array.from({ length: 40 }, (_, at) => {
    const total = pick('total', at, 2n ** 28n - 8n) + 8n;
    const row = {
      floor: pick('floor', at, 10n ** 12n) + 1n,
      busy: pick('busy', at, total),
      total,
      minimum: pick('minimum', at, 10n ** 6n),
    };
    return { ...row, next: nextPriceFloor(row) };
  });
  const bonds = Array.from({ length: 40 }, (_, at) => {
    const share = shareFor(at);
    const price = pick('price', at, 10n ** 12n);
    const seats = maxSeats(10 ** (at % 10), share);
    return {
      price,
      high: share === 'high',
      maxSeats: seats,
      dispute: disputeBond({ price, share }),
      seat: leastSeatBond({ pay: price, share, maxSeats: seats }),
    };
  });
  return { seats: columns(seats), batches: columns(batches), bonds: columns(bonds), floors: columns(floors) };
}
