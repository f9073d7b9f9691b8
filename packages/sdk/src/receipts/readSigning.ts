import type { Address, OrderHash } from '@gleaner/primitives';
import { hashOrder, type OrderKind, type Receipt, type Signing } from '@gleaner/protocol';
import { recoverAddress } from 'viem';
import type { Gleaner } from '../createGleaner.ts';

type Owners = Readonly<Record<OrderKind, Address>>;

/** How each order of a deal is signed: by an account, by a contract that answers for it, or on the chain beforehand. */
export async function readSigning(
  gleaner: Gleaner,
  orders: Receipt['orders'],
  owners: Owners,
  hasDataset: boolean,
): Promise<Receipt['signing']> {
  const read = (kind: OrderKind) =>
    readOne(gleaner, hashOrder(kind, orders[kind] as never, gleaner.domain), orders[kind].sign, owners[kind]);
  const [app, workerpool, request] = await Promise.all([read('app'), read('workerpool'), read('request')]);
  return { app, dataset: hasDataset ? await read('dataset') : 'none', workerpool, request };
}

async function readOne({ chain }: Gleaner, hash: OrderHash, sign: `0x${string}`, owner: Address): Promise<Exclude<Signing, 'none'>> {
  const code = await chain.attempt((rpc) => rpc.getCode({ address: owner }), 'code');
  if (code !== undefined) return 'contract';
  const signer = await recoverAddress({ hash, signature: sign }).catch(() => undefined);
  return signer?.toLowerCase() === owner.toLowerCase() ? 'account' : 'presigned';
}
