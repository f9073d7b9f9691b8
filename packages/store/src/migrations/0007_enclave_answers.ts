/** One result per worker and task: which enclave is the current one, the key of its answer, and whether that was given away. */
export const sql0007 = `
alter table enclave_release
  add column answer_nonce bytea check (length(answer_nonce) = 12),
  add column answer_key bytea check (length(answer_key) >= 16),
  add column enclaves int4 not null default 1,
  add column closed_at timestamptz;

update enclave_release set closed_at = now();
`;
