import type { ReasonCode } from '@gleaner/primitives';

/** Bounds of one run. Defaults: DEFAULT_LIMITS. */
export interface Limits {
  /** About one unit per instruction, 1…2^62. */
  readonly fuel: bigint;
  /** Linear memory, 64 KiB…4 GiB, rounded down to pages of 64 KiB. */
  readonly memoryBytes: number;
  /** Counted call stack, 64 KiB…4 MiB. */
  readonly stackBytes: number;
  /** All files in `/iexec_out` together, 0…1 GiB. */
  readonly outputBytes: number;
  /** Files and folders in `/iexec_out`, 0…100 000. */
  readonly outputFiles: number;
  /** stdout and stderr, each, 0…64 MiB. */
  readonly stdioBytes: number;
  /** Wall clock from the start of the program, 1 ms…7 days. Its end kills the sandbox: the outcome says nothing about the program. */
  readonly wallMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  fuel: 1_000_000_000_000n,
  memoryBytes: 512 * 2 ** 20,
  stackBytes: 2 ** 20,
  outputBytes: 50 * 2 ** 20,
  outputFiles: 10_000,
  stdioBytes: 2 ** 20,
  wallMs: 300_000,
};

/** Inputs of one run together, bytes: they are held in memory. */
export const MAX_INPUTS_BYTES = 2 ** 30;

/** One run of one program. */
export interface Job {
  readonly program: Uint8Array | { readonly path: string };
  /** SHA-256 of the program; checked. */
  readonly programDigest: `0x${string}`;
  /** `argv[1…]`; `argv[0]` is `program`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that appear in `/iexec_in` under `name`, a relative path of plain names. */
  readonly inputs: readonly { readonly name: string; readonly path: string }[];
  /** An empty folder on the host. Receives what is in `/iexec_out` when the program ends, in success or failure; nothing after a kill. */
  readonly outputDir: string;
  /** 32 bytes, from the task id, so that every worker sees the same random numbers. */
  readonly seed: Uint8Array;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Progress of a run, in this order. `cached`: the metered module was there; `reused`: so was a sandbox that had compiled it. */
export type RunEvent =
  | { readonly type: 'metered'; readonly cached: boolean }
  | { readonly type: 'sandbox-ready'; readonly reused: boolean; readonly isolation: Isolation }
  | { readonly type: 'started' }
  | { readonly type: 'ended' }
  | { readonly type: 'outputs-written'; readonly files: number };

/** Every way a run can fail, a closed subset of the reason codes. */
export type RunFailureCode = Extract<
  ReasonCode,
  | 'program-not-found'
  | 'program-checksum-mismatch'
  | 'program-not-wasm'
  | 'program-too-large'
  | 'program-invalid'
  | 'program-unsupported-feature'
  | 'program-unknown-import'
  | 'program-trapped'
  | 'fuel-exhausted'
  | 'stack-exhausted'
  | 'memory-exceeded'
  | 'output-too-large'
  | 'wall-time-exceeded'
  | 'input-missing'
  | 'content-too-large'
  | 'bad-request'
  | 'disk-full'
  | 'data-unreadable'
  | 'sandbox-crashed'
  | 'sandbox-unavailable'
  | 'aborted'
>;

export interface RunExited {
  readonly status: 'exited';
  readonly exitCode: number;
  readonly fuelUsed: bigint;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly wallMs: number;
  readonly memoryPeakBytes: number;
}

export interface RunFailed {
  readonly status: 'failed';
  readonly code: RunFailureCode;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
  /** True when every honest host ends in the same failure. */
  readonly deterministic: boolean;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Present when the program started and its sandbox survived. */
  readonly fuelUsed?: bigint;
}

export type Outcome = RunExited | RunFailed;

/** `bubblewrap`: own namespaces and a minimal file system. `process`: a child process with rlimits and Node's permission model only. */
export type Isolation = 'bubblewrap' | 'process';

/** What this host can enforce, found out by starting a sandbox. */
export interface HostReport {
  readonly kind: 'wasi';
  readonly isolation: Isolation;
  /** Why bubblewrap is not used; absent when it is. */
  readonly withoutBubblewrap?: string;
  readonly node: string;
  /** User id the sandbox runs as. */
  readonly uid: number;
  readonly enforced: readonly string[];
  readonly missing: readonly string[];
}

export interface ProgramIssue {
  readonly code: RunFailureCode | 'program-unknown-type';
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** A way to run untrusted programs. All methods may be called concurrently. */
export interface Runner {
  readonly kind: 'wasi';
  probe(): HostReport;
  /** Why a program would be refused; empty when it would run. */
  check(program: Uint8Array): Promise<readonly ProgramIssue[]>;
  /** Runs a job. Never rejects for anything the program, its inputs or the sandbox do. */
  run(job: Job): Promise<Outcome>;
  /** Ends all sandboxes; running jobs end as `aborted`. Idempotent. */
  close(): Promise<void>;
}
