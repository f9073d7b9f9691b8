import type { Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import { addressField, bytes32Field } from '@gleaner/protocol';
import { z } from 'zod';
import type { ReportSubject } from './reportData.ts';

/** 0x and exactly this many bytes in lower-case hexadecimal digits. */
const bytes = (count: number) =>
  z.custom<Hex>(
    (value) => typeof value === 'string' && new RegExp(`^0x[0-9a-f]{${2 * count}}$`).test(value),
    `must be 0x and ${2 * count} hexadecimal digits in lower case`,
  );

const seconds = z.number().int().nonnegative();

/** Claims of development evidence; no other field is allowed beside them. */
export const devClaims = z.strictObject({
  tee: z.literal('dev-insecure'),
  hardware: z.boolean(),
  chainId: z.number().int().positive(),
  hubAddress: addressField,
  dealId: bytes32Field as unknown as z.ZodType<DealId>,
  taskId: bytes32Field as unknown as z.ZodType<TaskId>,
  worker: addressField,
  nonce: bytes32Field as unknown as z.ZodType<Bytes32>,
  signingKey: bytes(65).refine((key) => key.startsWith('0x04'), 'must be an uncompressed public key'),
  sealingKey: bytes(32),
  measurement: bytes32Field as unknown as z.ZodType<Bytes32>,
  reportData: bytes(64),
  /** Seconds since 1970. */
  iat: seconds,
  exp: seconds,
});
export type DevClaims = z.output<typeof devClaims>;

/** The fields that the report data covers. */
export function subjectOf(claims: DevClaims): ReportSubject {
  const { chainId, hubAddress, dealId, taskId, worker, nonce, signingKey, sealingKey, measurement } = claims;
  return { chainId, hubAddress, dealId, taskId, worker, nonce, signingKey, sealingKey, measurement };
}
