import { type Details, GleanerError } from '@gleaner/primitives';

/** Reasons for which a module is refused before it runs. */
export type ProgramRefusal =
  | 'program-unknown-type'
  | 'program-not-wasm'
  | 'program-too-large'
  | 'program-invalid'
  | 'program-unsupported-feature'
  | 'program-unknown-import'
  | 'memory-exceeded';

/** Throws the typed refusal of a module; the details name the offending thing. */
export function refuse(code: ProgramRefusal, message: string, details: Details = {}): never {
  throw new GleanerError(code, message, { details });
}

/** The module breaks the binary format or its validation rules. */
export function invalid(message: string, details: Details = {}): never {
  return refuse('program-invalid', `The module is invalid: ${message}`, details);
}

/** The module is well formed, but uses something that is not deterministic here or not supported. */
export function unsupported(feature: string, details: Details = {}): never {
  return refuse('program-unsupported-feature', `The module uses ${feature}, which the sandbox does not run`, { feature, ...details });
}
