// Section 4, «Logs»: the events of the market contract.

import { decodeTuple, decodeWord } from './abi.mjs';
import { keccak, toBytes, toUtf8 } from './bytes.mjs';
import { EncodingError } from './rlp.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */

/**
 * A log of the market contract. `transaction` is its position in the file, `now` the time of its block.
 * @typedef {{ readonly name: string, readonly args: Readonly<Record<string, any>>, readonly transaction: number, readonly now: bigint }} HubLog
 */
/** @typedef {{ readonly address: Hex, readonly topics: readonly Hex[], readonly data: Uint8Array }} RawLog */
/** @typedef {{ readonly name: string, readonly type: 'bytes32' | 'address' | 'uint256' | 'bytes', readonly indexed: boolean }} Parameter */

const DECLARATIONS = [
  'OrdersMatched(bytes32 dealid, bytes32 appHash, bytes32 datasetHash, bytes32 workerpoolHash, bytes32 requestHash, uint256 volume)',
  'SchedulerNotice(address indexed workerpool, bytes32 dealid)',
  'DealSponsored(bytes32 dealId, address sponsor)',
  'TaskContribute(bytes32 indexed taskid, address indexed worker, bytes32 hash)',
  'TaskConsensus(bytes32 indexed taskid, bytes32 consensus)',
  'TaskReveal(bytes32 indexed taskid, address indexed worker, bytes32 digest)',
  'TaskReopen(bytes32 indexed taskid)',
  'TaskFinalize(bytes32 indexed taskid, bytes results)',
  'TaskClaimed(bytes32 indexed taskid)',
  'Transfer(address indexed from, address indexed to, uint256 value)',
  'Lock(address owner, uint256 amount)',
  'Unlock(address owner, uint256 amount)',
  'Reward(address owner, uint256 amount, bytes32 ref)',
  'Seize(address owner, uint256 amount, bytes32 ref)',
  'AccurateContribution(address indexed worker, bytes32 indexed taskid)',
  'FaultyContribution(address indexed worker, bytes32 indexed taskid)',
  'TaskInitialize(bytes32 indexed taskid, address indexed workerpool)',
];

const EVENTS_BY_TOPIC = new Map(DECLARATIONS.map(parseDeclaration).map((event) => [event.topic, event]));

/** Those that move the task along; they count only with `taskid` = `taskId`. */
const TASK_EVENTS = new Set(['TaskContribute', 'TaskConsensus', 'TaskReveal', 'TaskReopen', 'TaskFinalize', 'TaskClaimed']);

/** What `contributeAndFinalize` logs, one right after the other. */
const UNREPLICATED_EVENTS = ['TaskContribute', 'TaskConsensus', 'TaskReveal', 'TaskFinalize'];

/**
 * @param {string} declaration
 * @returns {{ topic: Hex, name: string, parameters: Parameter[] }}
 */
function parseDeclaration(declaration) {
  const [name, list] = declaration.slice(0, -1).split('(');
  const parameters = list.split(', ').map((parameter) => {
    const words = parameter.split(' ');
    return { name: words[words.length - 1], type: /** @type {Parameter['type']} */ (words[0]), indexed: words.length === 3 };
  });
  const signature = `${name}(${parameters.map(({ type }) => type).join(',')})`;
  return { topic: keccak(toUtf8(signature)), name, parameters };
}

/**
 * @param {RawLog} log
 * @returns {{ name: string, args: Record<string, any> } | undefined} undefined for any other event, and for one that does not decode
 */
export function decodeEvent(log) {
  const event = log.topics.length > 0 ? EVENTS_BY_TOPIC.get(log.topics[0]) : undefined;
  if (event === undefined) return undefined;
  const plain = event.parameters.filter(({ indexed }) => !indexed);
  if (log.topics.length !== 1 + event.parameters.length - plain.length) return undefined;
  try {
    const values = decodeTuple(
      log.data,
      plain.map(({ type }) => type),
    );
    const topics = log.topics.slice(1);
    const entries = event.parameters.map(({ name, type, indexed }) => {
      return [name, indexed ? decodeWord(type, toBytes(/** @type {Hex} */ (topics.shift()))) : values.shift()];
    });
    return { name: event.name, args: Object.fromEntries(entries) };
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

/**
 * @param {HubLog | undefined} log
 * @param {Hex} taskId
 * @returns {boolean}
 */
export function isTaskEvent(log, taskId) {
  return log !== undefined && TASK_EVENTS.has(log.name) && log.args.taskid === taskId;
}

/**
 * @param {HubLog} log
 * @param {Hex} dealId
 * @returns {boolean}
 */
export function isMatchOf(log, dealId) {
  return log.name === 'OrdersMatched' && log.args.dealid === dealId;
}

/**
 * The way without replication (section 4.3), recognised by its four consecutive events.
 * @param {readonly HubLog[]} logs
 * @param {number} position of the first of the four
 * @param {Hex} taskId
 * @returns {boolean}
 */
export function isUnreplicated(logs, position, taskId) {
  return UNREPLICATED_EVENTS.every((name, offset) => {
    const log = logs[position + offset];
    return log?.name === name && log.args.taskid === taskId && log.transaction === logs[position].transaction;
  });
}

/** @returns {number} how many logs the way without replication takes */
export function unreplicatedLength() {
  return UNREPLICATED_EVENTS.length;
}

/**
 * The logs of the same transaction that stand right before a position.
 * @param {readonly HubLog[]} logs
 * @param {number} position
 * @param {number} count
 * @returns {HubLog[]} at most so many
 */
export function logsBefore(logs, position, count) {
  const { transaction } = logs[position];
  return logs.slice(Math.max(0, position - count), position).filter((log) => log.transaction === transaction);
}

/**
 * @param {readonly HubLog[]} logs
 * @param {number} position
 * @returns {HubLog | undefined} the next one, when the same transaction logged it
 */
export function logAfter(logs, position) {
  const next = logs[position + 1];
  return next?.transaction === logs[position].transaction ? next : undefined;
}

/**
 * One text per event and arguments, to compare logs with what the rules expect.
 * @param {string} name
 * @param {readonly (Hex | bigint)[]} values in the order of the declaration
 * @returns {string}
 */
export function eventText(name, values) {
  return `${name}(${values.join(', ')})`;
}

/**
 * @param {HubLog} log
 * @returns {string}
 */
export function logText(log) {
  return eventText(log.name, Object.values(log.args));
}
