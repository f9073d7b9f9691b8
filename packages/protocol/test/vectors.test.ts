import { type Address, type Bytes32, type OrderHash, type TaskId, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { keccak256, stringToHex, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  authorizationHash,
  dealId,
  hashDomain,
  hashOperation,
  hashOrder,
  hashOrderStruct,
  ORDER_TYPE_NAMES,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypes,
  personalSignDigest,
  resultHash,
  resultSeal,
  taskId,
} from '../src/index.ts';

const repeated = (byte: string): Address => `0x${byte.repeat(20)}`;
const salt = (n: number): Bytes32 => toHex(n, { size: 32 }) as Bytes32;

const domain = orderDomain({ chainId: 31337, hubAddress: repeated('11') });

const orders: Orders = {
  app: {
    app: repeated('a1'),
    appprice: 1000n,
    volume: 10n,
    tag: ZERO_BYTES32,
    datasetrestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
    salt: salt(1),
  },
  dataset: {
    dataset: repeated('d1'),
    datasetprice: 1_000_000n,
    volume: 10n,
    tag: ZERO_BYTES32,
    apprestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
    salt: salt(2),
  },
  workerpool: {
    workerpool: repeated('c1'),
    workerpoolprice: 1_000_000_000n,
    volume: 3n,
    tag: ZERO_BYTES32,
    category: 4n,
    trust: 1000n,
    apprestrict: ZERO_ADDRESS,
    datasetrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
    salt: salt(3),
  },
  request: {
    app: repeated('a1'),
    appmaxprice: 1000n,
    dataset: repeated('d1'),
    datasetmaxprice: 1_000_000n,
    workerpool: ZERO_ADDRESS,
    workerpoolmaxprice: 1_000_000_000n,
    requester: repeated('e1'),
    volume: 3n,
    tag: ZERO_BYTES32,
    category: 4n,
    trust: 100n,
    beneficiary: repeated('b1'),
    callback: ZERO_ADDRESS,
    params: '{"iexec_args":"hello"}',
    salt: salt(4),
  },
};

const typeHashes: Record<OrderKind, [order: string, operation: string]> = {
  app: [
    '0x60815a0eeec47dddf1615fe53b31d016c31444e01b9d796db365443a6445d008',
    '0x0638bb0702457e2b4b01be8a202579b8bf97e587fb4f2cc4d4aad01f21a06ee0',
  ],
  dataset: [
    '0x6cfc932a5a3d22c4359295b9f433edff52b60703fa47690a04a83e40933dd47c',
    '0x075eb6f7578ff4292c241bd2484cd5c1d5e6ecc2ddd3317e1d8176b5a45865ec',
  ],
  workerpool: [
    '0xaa3429fb281b34691803133d3d978a75bb77c617ed6bc9aa162b9b30920022bb',
    '0x322d980b7d7a6a1f7c39ff0c5445da6ae1d8e0393ff0dd468c8be3e2c8644388',
  ],
  request: [
    '0xf24e853034a3a450aba845a82914fbb564ad85accca6cf62be112a154520fae0',
    '0x0ded7b52c2d77595a40d242eca751df172b18e686326dbbed3f4748828af77c7',
  ],
};

const hashes: Record<OrderKind, { struct: string; order: string; close: string; sign: string }> = {
  app: {
    struct: '0xa0dd7a0ae3b32287c6c2e1d99e72456402fe9e36af0169f180defcdf02111d53',
    order: '0xb052fe09de223afe194334fb68471e60d272f237dad27be7f94d810fb3b8264c',
    close: '0xecedd8e24fa2e719e767128d43a6a4263a89d121adadbe796d69daf9bb2d5b96',
    sign: '0x1fbdad1bb559a296ac314945761863f1c35d0c350824fa5ce83dc102a29b7d5b',
  },
  dataset: {
    struct: '0x33b5cc188687466736de2caab474ba3e38aee7db3bcd7a995e76789ad67c1157',
    order: '0x5a8ce26f1e244d151c7bc1a34c6248386c33cc1ae3931525d051233c79be83e9',
    close: '0xeaaf0c441e00dfd4bda3be275c14a59011dbdf73c4ac3396cedd0b2086c9eabc',
    sign: '0xb529b7275a15b82670c2ef4ce4dbb934bf0ee3c39908b22b02115fbd089f8e1e',
  },
  workerpool: {
    struct: '0x11fb58a3bc8f88c1c7ba05014d9ac06f5465348835f915123d272a764917e26c',
    order: '0x850d1e32d7590ea76e682640f15d1976fd0da327c2445547938b790d98329367',
    close: '0xf3d533edaba5cb9c8161f253a4fb4dc1325a588f7043f77565bb70180e94dffe',
    sign: '0xa5c9d7df58c221b636cfe96eca34eb9efc83eee7166e7299b4e529e21a6859aa',
  },
  request: {
    struct: '0xf5b5bc67db3920046cf4d74707a1fcb197a73712c9ff6d5856ca0a10f13434ed',
    order: '0x56d7c34ab3be6ef7619b868e18f2ae6dfe8517e8c6fe611d686e0c2dab6b10db',
    close: '0x1ac7e9d7fe703ea0a7b1f330bc8ed08026f59e4ac92b26e5cbb62b0754adb9be',
    sign: '0x9e7dfe8cc334e4bff02dcb86cf92afd1078dd2eb7d858a14ba1ac6ae5d0d2f50',
  },
};

const kinds = ['app', 'dataset', 'workerpool', 'request'] as const;

function typeText(name: keyof typeof orderTypes): string {
  return `${name}(${orderTypes[name].map((field) => `${field.type} ${field.name}`).join(',')})`;
}

describe('orders follow the published hashes', () => {
  it('domain', () => {
    expect(hashDomain(domain)).toBe('0x0a4a4f035be3a04790e2252f8327f491f0721b3129ef3b772db4827d5b37468a');
  });

  it.each(kinds)('%s order', (kind) => {
    const name = ORDER_TYPE_NAMES[kind];
    expect(keccak256(stringToHex(typeText(name)))).toBe(typeHashes[kind][0]);
    expect(keccak256(stringToHex(`${name}Operation(${name} order,uint256 operation)${typeText(name)}`))).toBe(typeHashes[kind][1]);
    expect({
      struct: hashOrderStruct(kind, orders[kind], domain),
      order: hashOrder(kind, orders[kind], domain),
      close: hashOperation(kind, orders[kind], 'close', domain),
      sign: hashOperation(kind, orders[kind], 'sign', domain),
    }).toEqual(hashes[kind]);
  });

  it('a signature beside the order does not change its hash', () => {
    const signed = { ...orders.request, sign: '0xabcd' as const };
    expect(hashOrder('request', signed, domain)).toBe(hashes.request.order);
  });
});

describe('ids and commitments follow the published hashes', () => {
  const requestHash = hashes.request.order as string as OrderHash;
  const task = '0x12640ce5c80f5885a54849139282726bfa40f2e36c5bab8272695ee89b0aabfa' as string as TaskId;
  const digest = keccak256(stringToHex('result')) as Bytes32;
  const worker = repeated('f1');

  it('deal and task ids', () => {
    const first = dealId(requestHash, 0n);
    expect(first).toBe('0x618b9a293b66e32368e0ee594d05137a7a9da664a89d1dc187d72b58e6e0912e');
    expect(dealId(requestHash, 3n)).toBe('0x00608d0dbf7031651b3f4ee00b47e4845e7b9ee15072015877c285e625eb963d');
    expect(taskId(first, 0n)).toBe(task);
  });

  it('result hash, result seal and authorisation', () => {
    const authorization = authorizationHash(worker, task, ZERO_ADDRESS);
    expect(resultHash(task, digest)).toBe('0x28c38970376ca24907644e1105415d57639f00784d34a8f172c0a1400d298706');
    expect(resultSeal(worker, task, digest)).toBe('0x858d95663af4afae4da1213df0034e9e30e480b66f5fac660489d4d0304dba87');
    expect(authorization).toBe('0x1693d26950ad7705c828bb401806c712dc88cd8de57cfd9883b9a2afb20221e8');
    expect(personalSignDigest(authorization)).toBe('0x7860a076779097854d92119c58911296a8bd01b53efb493c959febfcd6f33940');
  });
});
