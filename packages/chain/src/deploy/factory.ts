import { type Address, GleanerError, type Hex } from '@gleaner/primitives';
import type { Chain } from '../client/createChain.ts';
import type { Call } from '../sender/call.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { CREATE2_FACTORY } from './create2.ts';

/** Code of the CREATE2 factory: as at that address on every chain that has it. */
export const FACTORY_CODE: Hex =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3';

/** The published transaction that creates the factory: signed for no chain in particular, by an account that nobody has the key of. */
const FACTORY_TRANSACTION: Hex =
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222';
const FACTORY_CREATOR: Address = '0x3fAB184622Dc19b6109349B94811493BF2a45362';
/** Fixed by the signature, at 100 gwei each. */
export const FACTORY_GAS = 100_000n;
const FACTORY_COST_WEI = 10_000_000_000_000_000n;

const POLL_MS = 200;
const TIMEOUT_MS = 60_000;

/** @throws {GleanerError} deployment-differs when something else is at the address of the factory */
export async function hasFactory(chain: Chain): Promise<boolean> {
  const found = await chain.attempt((rpc) => rpc.getCode({ address: CREATE2_FACTORY }), 'code of the CREATE2 factory');
  if (found === undefined || found === '0x') return false;
  if (found === FACTORY_CODE) return true;
  throw new GleanerError('deployment-differs', `The code at ${CREATE2_FACTORY} is not that of the CREATE2 factory`, {
    details: { factory: CREATE2_FACTORY },
  });
}

/**
 * Creates the CREATE2 factory where it is absent: pays its creator and passes on the published transaction. Repeatable.
 * @returns receipt of the payment, where one was needed
 * @throws {GleanerError} transaction-rejected where the node takes only transactions signed for its chain id; transaction-timed-out
 * when it is not mined, as with a base fee above 100 gwei
 */
export async function ensureFactory(sender: Sender): Promise<Receipt[]> {
  const { chain } = sender;
  if (await hasFactory(chain)) return [];
  const payment = await paymentLeft(chain);
  const receipts = payment ? [await sender.sendCall(payment)] : [];
  await passOn(chain);
  await appeared(chain);
  return receipts;
}

/** What the creator of the factory lacks; `undefined` when it was paid. */
export async function paymentLeft(chain: Chain): Promise<Call | undefined> {
  const balance = await chain.attempt((rpc) => rpc.getBalance({ address: FACTORY_CREATOR }), 'balance');
  if (balance >= FACTORY_COST_WEI) return undefined;
  return { to: FACTORY_CREATOR, data: '0x', value: FACTORY_COST_WEI - balance, name: 'pay for the CREATE2 factory' };
}

async function passOn(chain: Chain): Promise<void> {
  const send = (): Promise<unknown> =>
    chain.attempt((rpc) => rpc.request({ method: 'eth_sendRawTransaction', params: [FACTORY_TRANSACTION] }), 'create the factory');
  try {
    await send();
  } catch (cause) {
    // an earlier run may have left it in the pool, or in a block that was not seen yet
    const { message } = cause as Error;
    if (/already (known|imported|exists)|nonce (is )?too low/i.test(message)) return;
    throw new GleanerError(
      'transaction-rejected',
      `The published transaction of the CREATE2 factory was refused (${message}); chains that demand a chain id in every signature need the factory at ${CREATE2_FACTORY} from their operator`,
      { details: { factory: CREATE2_FACTORY, reason: 'factory-refused' }, cause },
    );
  }
}

async function appeared(chain: Chain): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  while (!(await hasFactory(chain))) {
    if (performance.now() > end) {
      throw new GleanerError(
        'transaction-timed-out',
        `The transaction of the CREATE2 factory was not mined within ${TIMEOUT_MS / 1000} s; it pays 100 gwei per gas`,
        { details: { factory: CREATE2_FACTORY } },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
