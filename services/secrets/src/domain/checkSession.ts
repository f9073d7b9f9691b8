import { type Address, type Bytes32, GleanerError, type Hex, type TaskId } from '@gleaner/primitives';
import { isDevelopmentChain, isTeeTag, parseTag } from '@gleaner/protocol';
import type { EnclaveBinding, TaskFacts, VerifiedEvidence } from '../ports.ts';

/** Said wherever an enclave is let in that keeps nothing secret. */
export const SIMULATED_NOTICE = 'simulated, no confidentiality';

/** @throws {GleanerError} task-not-active, contribution-deadline-passed */
export function assertTaskOpen(taskId: TaskId, { status, timestamp, contributionDeadline }: TaskFacts): void {
  if (status !== 'active') {
    throw new GleanerError('task-not-active', `Task ${taskId} is ${status}; secrets are released while it is active`, {
      details: { taskId, status },
    });
  }
  if (timestamp < contributionDeadline) return;
  throw new GleanerError(
    'contribution-deadline-passed',
    `Task ${taskId} took contributions until ${contributionDeadline}, it is ${timestamp}`,
    {
      details: { taskId, contributionDeadline, timestamp },
    },
  );
}

interface Expected {
  readonly chainId: number;
  readonly hubAddress: Address;
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly nonce: Bytes32;
  readonly facts: TaskFacts;
  readonly reportData: (binding: EnclaveBinding) => Hex;
}

/**
 * The evidence must speak of this task and no other: the report data is made again from what is known here and the keys and measurement claimed.
 * @throws {GleanerError} evidence-mismatch naming the first claim that differs
 */
export function assertBound({ claims, reportData }: VerifiedEvidence, expected: Expected): void {
  const { chainId, hubAddress, taskId, worker, nonce, facts } = expected;
  const known = { chainId, hubAddress, dealId: facts.dealId, taskId, worker, nonce };
  for (const field of Object.keys(known) as (keyof typeof known)[]) {
    if (same(claims[field], known[field])) continue;
    throw mismatch(`The evidence has the ${field} ${claims[field]}, expected ${known[field]}`, field);
  }
  const { signingKey, sealingKey, measurement } = claims;
  if (same(expected.reportData({ ...known, signingKey, sealingKey, measurement }), reportData)) return;
  throw mismatch('The report data of the evidence is not that of its claims', 'reportData');
}

/** @throws {GleanerError} measurement-unknown */
export function assertMeasured({ claims: { measurement } }: VerifiedEvidence, known: readonly Bytes32[], app: Address): void {
  if (known.some((one) => same(one, measurement))) return;
  throw new GleanerError('measurement-unknown', `The enclave measures ${measurement}, app ${app} has ${known.join(', ') || 'none'}`, {
    details: { measurement, app },
  });
}

/** Whether enclaves without hardware may count: on development chains, where the operator switched them on. */
interface Flavour {
  readonly chainId: number;
  readonly developmentEnclaves: boolean;
}

/** Tag names that ask for nothing a development enclave lacks, on a development chain: stock clients set both on every order. */
const SIMULATED_TAGS: ReadonlySet<string> = new Set(['tee', 'tdx']);

/** @throws {GleanerError} enclave-not-allowed for a deal that asks for no enclave or for more than this one is, and for an enclave that may not serve this chain */
export function assertAllowed({ kind, hardware }: VerifiedEvidence, { deal }: TaskFacts, flavour: Flavour): void {
  if (!isTeeTag(deal.tag)) throw wrongTag(deal.tag, 'asks for no enclave; bit 0 must be set');
  if (hardware) return;
  assertDevelopment(flavour, kind);
  const { names, unknownBits } = parseTag(deal.tag);
  if (unknownBits.length === 0 && names.every((name) => SIMULATED_TAGS.has(name))) return;
  throw wrongTag(deal.tag, `asks for more than an enclave of kind ${kind} is`);
}

function wrongTag(tag: Bytes32, says: string): GleanerError {
  return new GleanerError('enclave-not-allowed', `The tag ${tag} of the deal ${says}`, { details: { tag } });
}

/** @throws {GleanerError} enclave-not-allowed */
export function assertDevelopment({ chainId, developmentEnclaves }: Flavour, kind = 'dev-insecure'): void {
  if (developmentEnclaves && isDevelopmentChain(chainId)) return;
  const why = developmentEnclaves ? `chain ${chainId} is no development chain` : 'they are switched off here';
  throw new GleanerError('enclave-not-allowed', `Enclaves of kind ${kind} keep nothing secret, and ${why}`, { details: { kind, chainId } });
}

const same = (one: string | number, other: string | number): boolean => `${one}`.toLowerCase() === `${other}`.toLowerCase();

function mismatch(message: string, field: string): GleanerError {
  return new GleanerError('evidence-mismatch', message, { details: { field } });
}
