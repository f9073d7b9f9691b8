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

/** How the results of a bag of tasks become one. `part`: path in /iexec_out of each task's result; `output`: name of the joined file. */
type Join = {
  readonly part: string;
  readonly output: string;
  readonly mediaType: string;
} /** The same module runs once more with `args`, the parts as /iexec_in/0, /iexec_in/1 …, and IEXEC_BOT_SIZE; it leaves `output` in /iexec_out. */ & (
  | { readonly method: 'program'; readonly args: string }
  /** One part after another; with `first-line` the first line of the first part only. */
  | { readonly method: 'concatenate'; readonly header: 'none' | 'first-line' }
  | { readonly method: 'json-array' }
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
  /** How the program shares its work between the tasks of a deal; absent when all tasks do the same. */
  readonly bag?: {
    readonly description: string;
    /** Arguments that ask for one part: {index} is its 0-based position, {size} the number of parts. They win over IEXEC_BOT_*. */
    readonly select?: string;
    readonly join: Join;
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
