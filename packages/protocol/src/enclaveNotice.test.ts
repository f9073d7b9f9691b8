import { expect, test } from 'vitest';
import { enclaveNotice } from './enclaveNotice.ts';
import { formatTag } from './tags.ts';

test('a task of an enclave on a local network is always said to be simulated', () => {
  const said = (names: Parameters<typeof formatTag>[0], chainId: number) => enclaveNotice({ tag: formatTag(names), chainId });
  expect(said(['tee', 'tdx'], 1_337_001)).toBe('simulated, no confidentiality');
  expect(said(['tee'], 1_346_999)).toBe('simulated, no confidentiality');
  expect(said(['tdx', 'gpu'], 1_337_001)).toBeUndefined();
  expect(said(['tee', 'tdx'], 42_161)).toBeUndefined();
});
