set local check_function_bodies = off;
---
create table submission_parts ();
---
alter table submission_parts add column party text not null;
---
alter table submission_parts add column part integer not null;
---
alter table submission_parts add column hour integer not null;
---
alter table submission_parts add column spent integer[] not null;
---
alter table submission_parts add constraint submission_parts_pkey PRIMARY KEY (party, part);
---
alter table submission_parts add constraint submission_parts_spent_check CHECK ((cardinality(spent) = 25));
---
alter table submission_parts add constraint submission_parts_party_fkey FOREIGN KEY (party) REFERENCES parties(id);
---
grant INSERT on submission_parts to recourse_service;
---
grant SELECT on submission_parts to recourse_service;
---
grant UPDATE (hour) on submission_parts to recourse_service;
---
grant UPDATE (spent) on submission_parts to recourse_service;
