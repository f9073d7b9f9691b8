import { type Bytes32, GleanerError } from '@gleaner/primitives';
import { isDevelopmentChain, parseTag } from '@gleaner/protocol';

/** What must agree before development enclaves count; each party asks for itself. */
export interface DevelopmentSwitches {
  /** As the chain itself gives it. */
  readonly chainId: number;
  /** `developmentEnclaves()` of the hub. */
  readonly hubAllows: boolean;
  /** Whether whoever runs this process asked for them. */
  readonly switchedOn: boolean;
}

/**
 * Development enclaves count on development chains alone, where the hub was made for them and the operator asked for them.
 * @throws {GleanerError} enclave-not-allowed naming the first party that says no
 */
export function assertDevelopmentEnclaves({ chainId, hubAllows, switchedOn }: DevelopmentSwitches): void {
  const because = !switchedOn
    ? 'they were not asked for'
    : !isDevelopmentChain(chainId)
      ? `chain ${chainId} is no development chain`
      : hubAllows
        ? undefined
        : 'the hub of this market was made without them';
  if (because === undefined) return;
  throw new GleanerError('enclave-not-allowed', `Development enclaves may not run here: ${because}`, { details: { chainId } });
}

/** Tag names that ask for nothing a development enclave lacks, on a development chain. */
const SERVED: ReadonlySet<string> = new Set(['tee', 'tdx']);

/** Whether a development enclave may serve a deal of this tag: bit 0, with or without bit 3, and no other. */
export function allowsDevelopmentEnclave(tag: Bytes32): boolean {
  const { names, unknownBits } = parseTag(tag);
  return names.includes('tee') && unknownBits.length === 0 && names.every((name) => SERVED.has(name));
}
