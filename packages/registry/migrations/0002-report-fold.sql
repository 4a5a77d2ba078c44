create table report_fold (
  singleton boolean primary key default true check (singleton),
  basis text not null,
  place jsonb not null
);
---
create table report_cells (
  figure text not null,
  party text not null,
  reason text not null,
  period text not null,
  days integer not null,
  n integer not null,
  primary key (party, figure, reason, period, days)
);
---
create table report_cases (
  sanction text primary key,
  upto xid8 not null,
  opened integer not null,
  keyless integer not null,
  counts jsonb not null
);
---
create index audit_finds on audit (op, iss, at)
  where op in ('case.find', 'case.prove', 'case.ticket') and status = 200;
---
create index openings_txid on openings (txid) where sanction is not null;
---
grant select, insert, delete on report_fold, report_cells, report_cases to recourse_service;
---
grant update (basis, place) on report_fold to recourse_service;
---
grant update (n) on report_cells to recourse_service;
---
grant update (upto, opened, keyless, counts) on report_cases to recourse_service;
