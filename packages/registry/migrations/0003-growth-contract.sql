alter table audit drop constraint audit_pkey;
---
revoke INSERT on audit from recourse_service;
---
grant INSERT on audit_groups to recourse_service;
