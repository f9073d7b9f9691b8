/** Secrets as ciphertexts, the log of what was done with them, and enclaves that were given some. */
export const sql0005 = `
create table secret (
  kind text not null,
  owner text not null,
  name text not null,
  nonce bytea not null check (length(nonce) = 12),
  ciphertext bytea not null check (length(ciphertext) >= 16),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (kind, owner, name)
);

create table secret_log (
  sequence int8 primary key check (sequence > 0),
  event text not null,
  entry text not null,
  previous text not null unique,
  hash text not null unique
);

create table enclave_nonce (
  nonce text primary key,
  expires_at timestamptz not null
);

create index enclave_nonce_by_age on enclave_nonce (expires_at);

create table enclave_release (
  task_id text not null,
  worker text not null,
  enclave text not null,
  sealing_key text not null,
  first_released_at timestamptz not null default now(),
  primary key (task_id, worker)
);
`;
