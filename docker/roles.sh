#!/bin/sh
# The two roles and the database, as the embedded PostgreSQL has them: the owner runs migrations, which grant the service
# role what it needs and nothing else. Runs once: when the postgres image makes its cluster, or as root beside a PostgreSQL
# of the machine. PGHOST names another one.
set -eu
: "${OWNER_PASSWORD:?choose one for the role that migrates}" "${SERVICE_PASSWORD:?choose one for the role of the servers}"
as=
# On its socket a packaged PostgreSQL lets the account postgres in, and root not.
if [ -z "${PGHOST:-}" ] && [ "$(id -u)" = 0 ]; then as='runuser -u postgres --' && cd /; fi
# psql reads the passwords itself: as arguments of a program, others would see them.
$as psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv service_password SERVICE_PASSWORD
create role recourse_owner login password :'owner_password';
create role recourse_service login password :'service_password';
create database recourse owner recourse_owner template template0 encoding 'UTF8'
  locale 'C' locale_provider builtin builtin_locale 'C.UTF-8';
revoke all on database recourse from public;
grant connect on database recourse to recourse_service;
SQL
