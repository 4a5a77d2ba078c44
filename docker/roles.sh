#!/bin/sh
# The two roles and the database, as the embedded PostgreSQL has them: the owner runs migrations, which grant the service
# role what it needs and nothing else. Runs once, when the postgres image makes its cluster.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
  --set owner_password="$OWNER_PASSWORD" --set service_password="$SERVICE_PASSWORD" <<'SQL'
create role recourse_owner login password :'owner_password';
create role recourse_service login password :'service_password';
create database recourse owner recourse_owner template template0 encoding 'UTF8'
  locale 'C' locale_provider builtin builtin_locale 'C.UTF-8';
revoke all on database recourse from public;
grant connect on database recourse to recourse_service;
SQL
