import { mkdir, rm } from 'node:fs/promises';
import type { Address } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import type { AttestMessage, EnclaveMessage, RunMessage } from '../messages.ts';
import { EnclaveProcess } from './EnclaveProcess.ts';
import { enclaveMain } from './enclaveMain.ts';

/** From the start of the process to its evidence. */
const ATTEST_MS = 60_000;
/** What packing, encryption and the way of the bytes may take beside the program itself. */
const AROUND_MS = 120_000;

export type AttestRequest = Omit<AttestMessage, 'type'>;
export type RunRequest = Omit<RunMessage, 'type'>;
export type EnclaveAnswer = Extract<EnclaveMessage, { type: 'sealed' | 'failed' }>;

/** One enclave: started for one task, good for one run. */
export interface Enclave {
  /** Evidence of its keys, and the address of the one that signs. */
  readonly evidence: string;
  readonly address: Address;
  /** @throws {GleanerError} sandbox-crashed, wall-time-exceeded, aborted */
  run(request: RunRequest, signal: AbortSignal): Promise<EnclaveAnswer>;
  /** Ends it, whatever it does, and removes what it left. */
  close(): Promise<void>;
}

/** Enclaves of one kind on this machine. */
export interface EnclaveBackend {
  readonly kind: 'dev-insecure';
  readonly hardware: boolean;
  /**
   * Starts an enclave in a folder of its own and has it attest.
   * @throws {GleanerError} program-checksum-mismatch, enclave-not-allowed, key-invalid, sandbox-crashed, aborted
   */
  start(request: AttestRequest, options: { readonly folder: string; readonly signal: AbortSignal }): Promise<Enclave>;
}

/**
 * Development enclaves: processes that prove nothing. Callers make this only where `assertDevelopmentEnclaves` let them.
 * @param rootPath file of the development root
 * @throws {GleanerError} enclave-not-allowed under NODE_ENV=production
 */
export function createDevEnclaves({ rootPath }: { readonly rootPath: string }): EnclaveBackend {
  if (process.env['NODE_ENV'] === 'production')
    throw new GleanerError('enclave-not-allowed', 'Development enclaves do not start with NODE_ENV=production');
  return {
    kind: 'dev-insecure',
    hardware: false,
    async start(request, { folder, signal }) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const child = new EnclaveProcess(['--no-warnings', enclaveMain, rootPath, folder]);
      const close = async () => {
        child.kill();
        await child.exited;
        await rm(folder, { recursive: true, force: true });
      };
      try {
        const answer = await child.ask({ type: 'attest', ...request }, ATTEST_MS, signal);
        if (answer.type !== 'evidence') throw unexpected(answer);
        return { evidence: answer.evidence, address: answer.enclave, run: (work, stop) => run(child, work, stop), close };
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}

async function run(child: EnclaveProcess, request: RunRequest, signal: AbortSignal): Promise<EnclaveAnswer> {
  const answer = await child.ask({ type: 'run', ...request }, request.limits.wallMs + AROUND_MS, signal);
  if (answer.type === 'evidence') throw unexpected(answer);
  return answer;
}

function unexpected({ type }: EnclaveMessage): GleanerError {
  return new GleanerError('sandbox-crashed', `The enclave answered with ${type} out of turn`);
}
