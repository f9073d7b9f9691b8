/** One exchange: requests one after another on one lane; the last one's duration is recorded. */
export type Exchange = readonly HttpRequest[];

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly authorization?: string;
}

/** Exchanges of a lane go one after another, lanes side by side. */
export interface Load {
  readonly url: string;
  readonly lanes: readonly (readonly Exchange[])[];
}

export interface LoadResult {
  readonly seconds: number;
  /** Of the last request of each exchange, milliseconds. */
  readonly latenciesMs: readonly number[];
  /** The first few answers that were no 200. */
  readonly failures: readonly string[];
  readonly failed: number;
}
