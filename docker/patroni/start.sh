#!/bin/sh
# Hands the passwords to Patroni, which takes them from its environment: the container's has none.
set -eu
secret() {
  cat "/run/secrets/$1"
}
PATRONI_SUPERUSER_PASSWORD=$(secret superuser)
PATRONI_REPLICATION_PASSWORD=$(secret replication)
OWNER_PASSWORD=$(secret owner)
SERVICE_PASSWORD=$(secret service)
export PATRONI_SUPERUSER_PASSWORD PATRONI_REPLICATION_PASSWORD OWNER_PASSWORD SERVICE_PASSWORD
exec patroni /etc/patroni.yaml
