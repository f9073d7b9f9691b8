import type { DeploymentRecord } from '@gleaner/chain';
import { type Address, GleanerError } from '@gleaner/primitives';
import { addressField } from '@gleaner/protocol';
import { isAddressEqual } from 'viem';
import { z } from 'zod';
import { findJsonFile } from '../files/readJsonFile.ts';
import { writeFileAtomic } from '../files/writeFileAtomic.ts';

const schema = z.object({ format: z.literal('gleaner-deployment/1'), chainId: z.number().int().positive(), hub: addressField });

/** What tells one market from another. */
interface MarketIdentity {
  readonly chainId: number;
  readonly hub: Address;
}

/** The market that a deployment file is about; `undefined` without a file. @throws {GleanerError} data-unreadable, data-corrupt */
export async function findDeployment(path: string): Promise<MarketIdentity | undefined> {
  const content = await findJsonFile(path);
  if (content === undefined) return undefined;
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new GleanerError('data-corrupt', `Not a deployment file: ${path}`, { details: { path }, cause: parsed.error });
}

/** @throws {GleanerError} bad-request when the file is about another market; data-unreadable, data-corrupt when it is something else */
export async function assertDeploymentFile(path: string, { chainId, hub }: MarketIdentity): Promise<void> {
  const found = await findDeployment(path);
  if (!found || (found.chainId === chainId && isAddressEqual(found.hub, hub))) return;
  throw new GleanerError('bad-request', `${path} is about another market, ${found.hub} on chain ${found.chainId}; name another --out`, {
    details: { path, hub: found.hub, chainId: found.chainId },
  });
}

/** Replaces the file; readable by all, it holds no secret. @throws {GleanerError} disk-full, data-unreadable */
export function writeDeployment(path: string, record: DeploymentRecord): Promise<void> {
  const text = JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
  return writeFileAtomic(path, `${text}\n`, 0o644);
}
