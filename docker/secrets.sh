#!/bin/sh
# Makes the passwords of docker/compose.three.yaml, each in a file: docker/secrets.sh docker/secrets
# An existing folder is never written: its passwords are those of a database.
set -eu
umask 077
folder=${1:?name a folder that does not exist yet}
mkdir "$folder"
cd "$folder"
for name in superuser replication owner service; do
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$name"
done
url() {
  printf '%s=postgres://recourse_%s:%s@haproxy:5432/recourse\n' "$1" "$2" "$(cat "$2")"
}
url DATABASE_URL service >server.env
{
  url DATABASE_URL service
  url DATABASE_OWNER_URL owner
} >owner.env
# The users of the containers read them; on this machine nobody but you gets into the folder.
chmod 444 ./*
