import type { Address, Hex } from '@gleaner/primitives';
import type { Random } from '@gleaner/protocol/testing';
import { concat, type LocalAccount } from 'viem';
import { keyOf, WALLET, WALLET_SIGNATURE } from './actors.ts';
import { type Both, bothLater } from './both.ts';
import { anotherSigner } from './drawOrders.ts';

/** How a signature comes about. */
export type SignatureKind =
  | 'right'
  | 'compact'
  | 'stranger'
  | 'high s'
  | 'v of 0'
  | 'malformed'
  | 'malformed compact'
  | 'short'
  | 'empty'
  | 'wallet';

const WRONG = ['stranger', 'stranger', 'high s', 'v of 0', 'malformed', 'malformed compact', 'short', 'empty', 'wallet'] as const;
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Right, once in eight in the compact form; wrong once in `rarely`. */
export function drawSignatureKind(random: Random, rarely: number): SignatureKind {
  if (random.once(rarely)) return random.pick(WRONG);
  return random.once(8) ? 'compact' : 'right';
}

/** Makes signatures of one kind for both systems; `sign` signs what each of them has to be shown, `what` is its hash. */
export async function makeSignatures(
  kind: SignatureKind,
  random: Random,
  expected: Address,
  what: Both<Hex>,
  sign: (account: LocalAccount, side: 0 | 1) => Promise<Hex>,
): Promise<Both<Hex>> {
  if (expected === WALLET && (kind === 'right' || kind === 'compact' || kind === 'wallet')) return [WALLET_SIGNATURE, WALLET_SIGNATURE];
  const signer = keyOf(kind === 'stranger' ? anotherSigner(random, expected) : expected) ?? keyOf(anotherSigner(random, expected));
  return await bothLater(async (side) =>
    signer ? shape(kind, await remember(`${signer.address} ${what[side]}`, () => sign(signer, side))) : '0x',
  );
}

const remembered = new Map<string, Promise<Hex>>();

/** The same orders come again in other sequences. */
function remember(key: string, sign: () => Promise<Hex>): Promise<Hex> {
  const known = remembered.get(key) ?? sign();
  remembered.set(key, known);
  return known;
}

function shape(kind: SignatureKind, signature: Hex): Hex {
  const r = signature.slice(2, 66);
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  const v = Number.parseInt(signature.slice(130), 16);
  switch (kind) {
    case 'compact':
      return concat([`0x${r}`, word(s | (v === 28 ? 1n << 255n : 0n))]);
    case 'high s':
      return concat([`0x${r}`, word(CURVE_ORDER - s), v === 27 ? '0x1c' : '0x1b']);
    case 'v of 0':
      return concat([`0x${r}`, word(s), v === 27 ? '0x00' : '0x01']);
    case 'malformed':
      return `0x${'00'.repeat(65)}`;
    case 'malformed compact':
      return `0x${'00'.repeat(64)}`;
    case 'short':
      return '0x1234';
    case 'empty':
      return '0x';
    case 'wallet':
      return WALLET_SIGNATURE;
    default:
      return signature;
  }
}

const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`;
