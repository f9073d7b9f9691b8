/** Error numbers of WASI preview 1. Source: wasi_snapshot_preview1, type `errno`. */
export const ERRNO = {
  success: 0,
  tooBig: 1,
  badDescriptor: 8,
  busy: 10,
  exists: 20,
  fault: 21,
  fileTooBig: 22,
  badSequence: 25,
  invalid: 28,
  isDirectory: 31,
  tooManyOpen: 33,
  nameTooLong: 37,
  noEntry: 44,
  noSystemCall: 52,
  notDirectory: 54,
  notEmpty: 55,
  notSupported: 58,
  notPermitted: 63,
  readOnly: 69,
  notSeekable: 70,
  notCapable: 76,
} as const;

export type Errno = (typeof ERRNO)[keyof typeof ERRNO];

/** Ends one WASI call with an error number; never leaves the shims. */
export class WasiFailure extends Error {
  readonly errno: Errno;

  constructor(errno: Errno) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

export function fail(errno: Errno): never {
  throw new WasiFailure(errno);
}
