alter table audit drop constraint audit_pkey;
