/** Signed transactions under the key of the effect they are meant to have, and leases: one leader per duty. */
export const sql0004 = `
create table outbox (
  sequence int8 generated always as identity primary key,
  hash text not null,
  address text not null,
  effect text not null,
  nonce int8 not null,
  raw text not null,
  status text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create unique index outbox_living_effect on outbox (address, effect) where status in ('pending', 'succeeded');

create unique index outbox_living_nonce on outbox (address, nonce) where status in ('pending', 'succeeded', 'reverted');

create index outbox_of_hash on outbox (hash, sequence desc);

create index outbox_of_effect on outbox (address, effect, sequence desc);

create table lease (
  name text primary key,
  holder text not null,
  expires_at timestamptz not null
);
`;
