/** Who owned a pool when a scheduler took it up: its place there is counted as theirs, whoever owns the pool afterwards. */
export const sql0008 = `
alter table served_pool add column owner text;

update served_pool set owner = asset.owner from asset where asset.address = served_pool.workerpool;

create index served_pool_of_owner on served_pool (home, owner);
`;
