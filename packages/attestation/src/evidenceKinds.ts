/** Kinds of evidence that enclaves may bring; the word `tee` of their claims. Only `dev-insecure` has a verifier today. */
export const EVIDENCE_KINDS = [
  'intel-sgx',
  'intel-tdx',
  'amd-snp',
  'aws-nitro',
  'nvidia-gpu',
  'gcp-cs',
  'azure-maa',
  'dev-insecure',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export function isEvidenceKind(value: unknown): value is EvidenceKind {
  return (EVIDENCE_KINDS as readonly unknown[]).includes(value);
}
