/** A value that a program takes on its command line, as `--name value`. */
type Parameter = {
  readonly name: string;
  readonly description: string;
} & (
  | { readonly type: 'integer'; readonly default?: number; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'number'; readonly default?: number; readonly minimum: number; readonly maximum: number; readonly step: number }
  | { readonly type: 'choice'; readonly default?: string; readonly choices: readonly string[] }
  | { readonly type: 'text'; readonly default?: string }
  /** Name of an input file of the request, or `@n` for the n-th. */
  | { readonly type: 'input-file' }
);

/** What command line and portal need to offer a program, and anybody to check that the module is what the sources say: manifest.json. */
export interface ProgramManifest {
  readonly manifestVersion: 1;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly type: 'WASI';
  readonly parameters: readonly Parameter[];
  readonly example: string;
  /** Files in /iexec_out; the deterministic one is what computed.json names. */
  readonly outputs: readonly {
    readonly path: string;
    readonly mediaType: string;
    readonly deterministic: boolean;
    readonly description: string;
  }[];
  readonly exitCodes: Readonly<Record<string, string>>;
  readonly suggested: {
    /** Enough for the largest arguments, about one unit per instruction. */
    readonly fuel: number;
    readonly memoryBytes: number;
  };
  /** How results of independent workers are compared: bit for bit. */
  readonly verification: 'exact';
  readonly build: {
    readonly language: 'C';
    /** First line of `clang --version` that gave the module below; another compiler may give other bytes. */
    readonly compiler: string;
    /** Maximum of the linear memory, written into the module. */
    readonly maxMemoryBytes: number;
    readonly stackBytes: number;
  };
  /** Written by the build. */
  readonly module: { readonly file: string; readonly sizeBytes: number; readonly sha256: `0x${string}`; readonly cid: string };
}
