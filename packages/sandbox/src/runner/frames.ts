/**
 * Frames between a runner and its sandbox process: kind (1 byte), length (4 bytes, big endian), payload.
 * A `file` frame announces a file or folder; the content follows in `data` frames of at most MAX_CHUNK_BYTES.
 */
export const FRAME = {
  /** to the sandbox */
  program: 1,
  job: 2,
  input: 3,
  go: 4,
  /** both ways */
  data: 5,
  /** from the sandbox */
  ready: 6,
  started: 7,
  end: 8,
  stdout: 9,
  stderr: 10,
  file: 11,
  done: 12,
  refused: 13,
} as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

export const HEADER_BYTES = 5;
export const MAX_CHUNK_BYTES = 1 << 20;
/** Largest payload of a frame that is not a program. */
export const MAX_FRAME_BYTES = 8 << 20;

export interface Frame {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** What a job frame carries, as JSON; fuel in decimal, seed in hex. */
export interface JobMessage {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly fuel: string;
  readonly stackBytes: number;
  readonly outputBytes: number;
  readonly outputFiles: number;
  readonly stdioBytes: number;
}

export interface InputMessage {
  readonly name: string;
  readonly size: number;
}

export function frameHeader(kind: FrameKind, length: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, length);
  return header;
}

export const encodeJson = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
export const decodeJson = (payload: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(payload));

/** Content cut into payloads of `data` frames. */
export function* chunks(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += MAX_CHUNK_BYTES) yield content.subarray(at, at + MAX_CHUNK_BYTES);
}
