import { GleanerError } from '@gleaner/primitives';
import { addressField } from '@gleaner/protocol';
import { z } from 'zod';
import { findJsonFile } from '../files/readJsonFile.ts';
import { writeFileAtomic } from '../files/writeFileAtomic.ts';

const url = z.url({ protocol: /^https?$/ });
const hash = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)]);
const account = z.object({ address: addressField, privateKey: hash });

/** Addresses of the services, each present when the network runs that service. */
const services = z.object({
  smsURL: url.optional(),
  iexecGatewayURL: url.optional(),
  ipfsGatewayURL: url.optional(),
  ipfsNodeURL: url.optional(),
  compassURL: url.optional(),
});

/** Content of network.json: everything a client on this machine needs. Readable by its owner only. */
export const networkSchema = z.object({
  chainId: z.number().int().positive(),
  rpcUrl: url,
  /** The bare node, for tests on the same machine. */
  adminRpcUrl: url,
  hubAddress: addressField,
  tokenAddress: addressField,
  registries: z.object({ app: addressField, dataset: addressField, workerpool: addressField }),
  services,
  /** How far the enclaves of this network keep anything secret; absent where it has none. */
  enclaves: z.object({ hardware: z.boolean(), notice: z.string() }).optional(),
  portalUrl: url.optional(),
  workerpool: addressField.optional(),
  stockApp: z.object({ multiaddr: z.string(), checksum: hash, args: z.string() }).optional(),
  accounts: z.object({
    requester: account,
    appOwner: account,
    datasetOwner: account,
    workerpoolOwner: account,
    stranger: account,
    hubOwner: account,
  }),
});

export type Network = z.output<typeof networkSchema>;

/** What a service adds to the description once its address is known. */
export interface NetworkPatch extends Partial<Pick<Network, 'portalUrl' | 'workerpool' | 'stockApp' | 'enclaves'>> {
  readonly services?: Partial<Network['services']>;
}

export function patchNetwork(network: Network, { services: added, ...rest }: NetworkPatch): Network {
  return { ...network, ...rest, services: { ...network.services, ...added } };
}

/** @throws {GleanerError} network-not-running without the file; data-unreadable, data-corrupt */
export async function readNetwork(path: string): Promise<Network> {
  const content = await findJsonFile(path);
  if (content === undefined)
    throw new GleanerError('network-not-running', `No network was started here: ${path} is missing`, { details: { path } });
  const parsed = networkSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GleanerError('data-corrupt', `${path}: ${issue?.path.join('.')}: ${issue?.message}`, {
    details: { path },
    cause: parsed.error,
  });
}

/** @throws {GleanerError} disk-full, data-unreadable */
export function writeNetwork(path: string, network: Network): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(network, null, 2)}\n`);
}
