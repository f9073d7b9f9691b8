export type Judgement =
  | { readonly malformed: string }
  | {
      readonly rules: 'passed' | 'failed';
      readonly signatures: 'passed' | 'incomplete' | 'failed';
      readonly inclusion: 'anchored' | 'not-anchored' | 'failed';
      readonly findings: readonly { readonly verdict: string; readonly code: string; readonly message: string }[];
    };

export function verify(bytes: Uint8Array, options?: { readonly anchors?: readonly string[] }): Judgement;
