import type { Chain } from '@gleaner/chain';
import { GleanerError } from '@gleaner/primitives';
import { pino } from 'pino';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { openEnclaves } from './openEnclaves.ts';

const HUB = `0x${'1a'.repeat(20)}` as const;
const ON = { hubAddress: HUB, secretsUrl: 'http://127.0.0.1:1', devEnclaveRoot: '/root.json' };

test('a worker runs no enclaves unless it is told to', async () => {
  expect(await open({ config: { ...ON, devEnclaveRoot: undefined } })).toBeUndefined();
});

test('a worker that is told to refuses to start where the chain is no development chain, or its hub says no', async () => {
  expect(await open({})).toMatchObject({ chainId: 1_337_001, hubAddress: HUB, backend: { kind: 'dev-insecure', hardware: false } });
  for (const chainId of [1, 42_161, 31_337]) await expect(open({ chainId })).rejects.toMatchObject({ code: 'enclave-not-allowed' });
  await expect(open({ answer: async () => false })).rejects.toMatchObject({ code: 'enclave-not-allowed' });
  const unknown = async () => {
    throw new GleanerError('chain-reverted', 'no such function');
  };
  await expect(open({ answer: unknown })).rejects.toMatchObject({ code: 'enclave-not-allowed' });
  await expect(open({ config: { ...ON, secretsUrl: undefined } })).rejects.toMatchObject({ code: 'bad-request' });
});

/** @param options.answer of the hub, asked whether it was made for development enclaves */
function open({
  chainId = 1_337_001,
  answer = async () => true,
  config = ON as Config,
}: {
  chainId?: number;
  answer?: () => Promise<boolean>;
  config?: Config;
}) {
  const chain = { hubAddress: HUB, client: {}, attempt: answer } as unknown as Chain;
  return openEnclaves({ chain, chainId, account: privateKeyToAccount(generatePrivateKey()), config, log: pino({ level: 'silent' }) });
}

type Config = Parameters<typeof openEnclaves>[0]['config'];
