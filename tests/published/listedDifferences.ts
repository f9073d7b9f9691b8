import type { Deviation } from './compareAnswers.ts';

/** A difference between the published 6.1.0 and our contracts that is known, and why it is there. */
export interface ListedDifference {
  readonly name: string;
  /** Of 6.2.0 itself, of the stand-in for what the package lacks, decided by us (`docs/decisions/poco-quirks.md`), or of another compiler. */
  readonly origin: '6.2.0' | 'stand-in' | 'decided' | 'compiler';
  readonly reason: string;
  /** From here on the two hubs hold different things. */
  readonly parts?: boolean;
  /** Too seldom to be seen in every long run. */
  readonly seldom?: boolean;
  /** The suite that shows it when random sequences cannot, or seldom do. */
  readonly shownIn?: 'oddTokens' | 'encodings';
  readonly covers: (deviation: Deviation) => boolean;
}

const failed = (text: string) => `failed ${text}`;
const reverted = (text: string): string =>
  `0x08c379a0${'20'.padStart(64, '0')}${text.length.toString(16).padStart(64, '0')}${toWords(text)}`;
const toWords = (text: string): string => {
  const digits = Buffer.from(text).toString('hex');
  return digits.padEnd(Math.ceil(digits.length / 64) * 64, '0');
};
const PANIC_MEMORY = `0x4e487b71${'41'.padStart(64, '0')}`;
const PANIC_INDEX = `0x4e487b71${'32'.padStart(64, '0')}`;
const TRUE = `0x${'1'.padStart(64, '0')}`;
const FALSE = `0x${'0'.padStart(64, '0')}`;
/** Custom errors of ERC-721 in OpenZeppelin 5. */
const ERC721_ERRORS = /^0x(64a0ae92|177e802f|64283d7b|7e273289|89c62b64|73c6ac6e|a9fbf51f|5b08ba18|a57d13dc)/;
/** «ERC721…», «Enumerabl…»: the strings of OpenZeppelin 3. */
const ERC721_STRINGS = /^0x08c379a0(.{128})(455243373231|456e756d657261626c65)/;
const APPROVAL_TOPIC = '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925';
const SAFE_CAST_96 = `0x6dfcc650${'60'.padStart(64, '0')}`;
const SAFE_CAST_240 = `0x6dfcc650${'f0'.padStart(64, '0')}`;
const SAFE_CAST_40 = `0x6dfcc650${'28'.padStart(64, '0')}`;
const MATCH_REFUSED = /^(failed )?0x08c379a0.{128}694578656356352d6d617463684f72646572732d307831/;

const REQUEST_UNSIGNED = reverted('iExecV5-matchOrders-0x50');
const TO_THE_HUB = reverted('ERC20: transfer to the hub');
const NOTHING_LEFT = reverted('iExecV5-matchOrders-0x60');
const FROM_NOBODY = reverted('IexecEscrow: Transfer from empty address');
/** An address that is not zero. */
const ADDRESS_WORD = /^0x0{24}(?!0{40})[0-9a-f]{40}$/;
/** A reason as text, or the one of the view about data sets. */
const REASONED = /^0x(08c379a0|0afd9382)/;
const NO_RECEIVER = reverted('ERC721: transfer to non ERC721Receiver implementer');
const NO_NEW_OWNER = reverted('Ownable: new owner is the zero address');

const is = (call: string, names: readonly string[]): boolean => names.some((name) => call.startsWith(name));
const MATCHES = ['matchOrders', 'sponsorMatchOrders'];

/** Everything else that differs is a fault. */
export const listedDifferences: readonly ListedDifference[] = [
  {
    name: 'a stake ratio of a pool that does not fit its word',
    origin: 'decided',
    reason: 'the policy of a pool is one word; a ratio of 2^240 and more is refused',
    parts: true,
    seldom: true,
    covers: ({ call, what, ours }) => call.startsWith('changePolicy') && what === 'success' && ours.startsWith(failed(SAFE_CAST_240)),
  },
  {
    name: 'a match travels with a deposit',
    origin: '6.2.0',
    reason: '6.1.0 ignores the data of `receiveApproval`; 6.2.0 matches orders with it, or refuses it',
    parts: true,
    covers: ({ call, what, published, ours }) =>
      /^(receiveApproval with data|approveAndCall of the token with)/.test(call) &&
      (what === 'success' ? published === `succeeded ${TRUE}` : what === 'logs' && ours.startsWith(published)),
  },
  {
    name: 'framework bits of a data set tag are masked',
    origin: '6.2.0',
    reason: 'the bits 1 to 3 of the data set order no longer narrow the choice of pools, and do not enter the tag of the deal',
    parts: true,
    covers: ({ call, what, published }) =>
      call.includes(' with framework bits') &&
      ((what === 'success' && published === failed(reverted('iExecV5-matchOrders-0x06'))) ||
        (what === 'output' && published === reverted('iExecV5-matchOrders-0x06'))),
  },
  {
    name: 'framework bits of a data set tag are masked in a bulk deal',
    origin: '6.2.0',
    reason: 'the same for the view of data sets that a deal reads without naming them',
    covers: ({ call, what, published }) =>
      call.startsWith('assertDatasetDealCompatibility with framework bits') &&
      what === 'success' &&
      published.includes(toWords('Tag compatibility not satisfied')),
  },
  {
    name: 'an unknown category is an index out of bounds',
    origin: '6.2.0',
    reason: 'the view was compiled for Solidity 0.6, where it reverts without data; 0.8 panics with 0x32',
    covers: ({ call, what, published, ours }) =>
      call.includes('viewCategoryABILegacy') && what === 'output' && published === '0x' && ours === PANIC_INDEX,
  },
  {
    name: 'failures of ERC-721',
    origin: '6.2.0',
    reason: 'the registries moved from OpenZeppelin 3 (strings) to 5 (custom errors)',
    covers: ({ call, what, published, ours }) =>
      (call.includes(' of a registry') || is(call, ['create '])) &&
      what === 'output' &&
      ((ERC721_STRINGS.test(published) && ERC721_ERRORS.test(ours)) || (published === NO_RECEIVER && ours === '0x')),
  },
  {
    name: 'nobody cannot own a registry',
    origin: '6.2.0',
    reason: 'the same move: a string became `OwnableInvalidOwner`',
    covers: ({ call, what, published, ours }) =>
      call.startsWith('transferOwnership of a registry') &&
      what === 'output' &&
      published === NO_NEW_OWNER &&
      ours === `0x1e4fbdf7${'0'.repeat(64)}`,
  },
  {
    name: 'a transfer of an asset clears its approval silently',
    origin: '6.2.0',
    reason: 'OpenZeppelin 3 emits `Approval` to nobody before `Transfer`, 5 does not',
    covers: ({ call, what, published, ours }) =>
      call.includes('ransferFrom of a registry') &&
      what === 'logs' &&
      published.split('\n').slice(1).join('\n') === ours &&
      published.includes(APPROVAL_TOPIC),
  },
  {
    name: 'a transfer to the owner itself keeps its place',
    origin: '6.2.0',
    reason: 'in the list of an owner of several assets OpenZeppelin 3 moves it to the end, 5 leaves it',
    seldom: true,
    covers: ({ call, what, published, ours }) =>
      call === 'tokenOfOwnerByIndex of a registry at the end' &&
      what === 'output' &&
      ADDRESS_WORD.test(published) &&
      ADDRESS_WORD.test(ours),
  },
  {
    name: 'nobody cannot be an operator',
    origin: '6.2.0',
    reason: 'OpenZeppelin 3 lets the zero address be approved for all assets, 5 refuses it',
    parts: true,
    covers: ({ call, what, published, ours }) =>
      call.startsWith('setApprovalForAll') &&
      what === 'success' &&
      published === 'succeeded 0x' &&
      ours === failed(`0x5b08ba18${'0'.repeat(64)}`),
  },
  {
    name: 'bytes beyond the end of the call',
    origin: '6.2.0',
    reason: 'Solidity 0.6 reads a signature that reaches beyond the data as if zeroes followed, 0.8 refuses the call',
    parts: true,
    shownIn: 'encodings',
    covers: ({ call, what, published, ours }) =>
      /^(broadcast|manage)\w+Order.*, (cut|dirty)$/.test(call) &&
      what === 'success' &&
      published === 'succeeded 0x' &&
      ours === failed('0x'),
  },
  {
    name: 'bits where none belong',
    origin: '6.2.0',
    reason:
      'Solidity 0.6 drops the spare bits of an address (first ABI coder), or looks at them late (arrays); 0.8 refuses the call at once',
    parts: true,
    shownIn: 'encodings',
    covers: ({ call, what, published, ours }) =>
      /^(create \w+|depositForArray|\w+ of a (registry|pool)), dirty$/.test(call) &&
      ((what === 'success' && published.startsWith('succeeded') && ours === failed('0x')) || (what === 'output' && ours === '0x')),
  },
  {
    name: 'approving whom it makes no difference to',
    origin: '6.2.0',
    reason: 'OpenZeppelin 3 refuses an approval to the owner or to the caller itself, 5 allows both',
    parts: true,
    covers: ({ call, what, published, ours }) =>
      ((call.startsWith('approve of a registry') && published === failed(reverted('ERC721: approval to current owner'))) ||
        (call.startsWith('setApprovalForAll') && published === failed(reverted('ERC721: approve to caller')))) &&
      what === 'success' &&
      ours === 'succeeded 0x',
  },
  {
    name: 'ownership',
    origin: 'stand-in',
    reason: 'the package lacks the ownership facet: `transferOwnership` is unknown to the published hub here',
    covers: ({ call, what, published }) =>
      call.startsWith('transferOwnership') &&
      !call.includes('registry') &&
      what === 'output' &&
      published === reverted('fallback-disabled'),
  },
  {
    name: 'bytes longer than any memory',
    origin: 'compiler',
    reason: 'a malformed encoding whose length field exceeds 2^64: the published decoder panics with 0x41, ours reverts without data',
    shownIn: 'encodings',
    covers: ({ call, what, published, ours }) =>
      call.endsWith(', dirty') && what === 'output' && published === PANIC_MEMORY && ours === '0x',
  },
  {
    name: 'a signature that nobody reads',
    origin: 'compiler',
    reason: 'where the signature inside an order is not looked at, the published decoder checks its encoding all the same',
    parts: true,
    shownIn: 'encodings',
    covers: ({ call, what, published, ours }) =>
      /^(manage\w+Order|computeDealVolume|assertDatasetDealCompatibility).*, (dirty|cut)$/.test(call) &&
      ((what === 'success' && (published === failed('0x') || published === failed(PANIC_MEMORY)) && ours.startsWith('succeeded')) ||
        (what === 'output' && (published === '0x' || published === PANIC_MEMORY) && REASONED.test(ours))),
  },
  {
    name: 'nobody signs for address zero',
    origin: 'decided',
    reason: 'a malformed signature recovers to address zero, which the published contracts take for its signature',
    covers: ({ call, what, published, ours }) =>
      /^verify.*of nobody/.test(call) && what === 'output' && published === TRUE && ours === FALSE,
  },
  {
    name: 'nobody manages its orders',
    origin: 'decided',
    reason: 'the same for orders about a contract whose owner is address zero',
    parts: true,
    seldom: true,
    covers: ({ call, what, published, ours }) =>
      /^manage\w+Order of nobody(, \w+)?$/.test(call) &&
      what === 'success' &&
      published === 'succeeded 0x' &&
      ours === failed(reverted('invalid-sender-or-signature')),
  },
  {
    name: 'nobody requests',
    origin: 'decided',
    reason: 'the same in a match for address zero, which succeeds when somebody sponsors it and fails later otherwise',
    parts: true,
    covers: ({ call, what, published, ours }) =>
      is(call, MATCHES) &&
      ((what === 'success' && published.startsWith('succeeded') && ours === failed(REQUEST_UNSIGNED)) ||
        (what === 'output' && ours === REQUEST_UNSIGNED && (published === FROM_NOBODY || published === NOTHING_LEFT))),
  },
  {
    name: 'a gift to the hub',
    origin: 'decided',
    reason: 'what the hub holds is frozen for somebody; nobody could take a gift out again, so it is refused',
    parts: true,
    covers: ({ call, what, published, ours }) =>
      call.startsWith('transfer') &&
      ((what === 'success' && published === `succeeded ${TRUE}` && ours === failed(TO_THE_HUB)) ||
        (what === 'output' && published === '0x' && ours === TO_THE_HUB)),
  },
  {
    name: 'a stake that nobody can pay',
    origin: 'decided',
    reason: 'a match is refused when the stake of a worker reaches 2^96 nRLC',
    parts: true,
    covers: ({ call, what, published, ours }) =>
      is(call, MATCHES) && what === 'success' && published.startsWith('succeeded') && ours.startsWith(failed(SAFE_CAST_96)),
  },
  {
    name: 'the spelling of a failed deposit',
    origin: '6.2.0',
    reason: 'a token that answers false: `failled-transferFrom` lost a letter',
    shownIn: 'oddTokens',
    covers: ({ call, what, published, ours }) =>
      call.startsWith('deposit') &&
      what === 'output' &&
      published === reverted('failled-transferFrom') &&
      ours === reverted('failed-transferFrom'),
  },
  {
    name: 'a token that does not pay',
    origin: 'decided',
    reason: 'the answer false of the token in `withdraw` would burn the balance without payment',
    shownIn: 'oddTokens',
    covers: ({ call, what, published, ours }) =>
      call.startsWith('withdraw') &&
      what === 'success' &&
      published === `succeeded ${TRUE}` &&
      ours === failed(reverted('failed-transfer')),
  },
  {
    name: 'an escrow beyond any supply',
    origin: 'decided',
    reason: 'deposits are refused when the escrow would reach 2^96 nRLC',
    shownIn: 'oddTokens',
    covers: ({ call, what, published, ours }) =>
      call.startsWith('deposit') && what === 'success' && published === `succeeded ${TRUE}` && ours.startsWith(failed(SAFE_CAST_96)),
  },
  {
    name: 'a time that does not fit',
    origin: 'decided',
    reason: 'a task cannot be initialised when its last deadline does not fit 40 bits',
    parts: true,
    seldom: true,
    covers: ({ call, what, published, ours }) =>
      call.startsWith('initialize') && what === 'success' && published.startsWith('succeeded') && ours.startsWith(failed(SAFE_CAST_40)),
  },
  {
    name: 'a group that answers no boolean',
    origin: 'decided',
    reason: 'it means: not a member; the published contracts revert without a reason',
    covers: ({ call, what, published, ours }) =>
      what === 'output' &&
      published === '0x' &&
      ((is(call, MATCHES) && MATCH_REFUSED.test(ours)) ||
        (call.startsWith('assertDataset') && / restriction not satisfied/.test(textOf(ours)))),
  },
];

function textOf(output: string): string {
  return Buffer.from(output.slice(2), 'hex').toString('latin1');
}
