#!/bin/sh
# Makes an authority and a certificate for each node: sh certificates.sh FOLDER node1=10.0.0.1 node2=10.0.0.2 …
# etcd, Patroni and PostgreSQL of a node share its certificate. An existing folder is never written. docs/three-nodes.md
set -eu
umask 077
folder=${1:?name a folder that does not exist yet}
shift
[ $# -gt 0 ] || { echo 'name each node with its address: node1=10.0.0.1' >&2; exit 1; }
mkdir "$folder"
cd "$folder"
new_key() {
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}
new_key ca.key
openssl req -x509 -new -key ca.key -days 3650 -subj '/CN=Recourse cluster' -out ca.crt \
  -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign'
for node in "$@"; do
  name=${node%%=*}
  mkdir "$name"
  new_key "$name/node.key"
  # A node is a server and, toward etcd, a client.
  openssl req -x509 -new -key "$name/node.key" -CA ca.crt -CAkey ca.key -days 825 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:$name,IP:${node#*=}" -addext 'basicConstraints=critical,CA:FALSE' \
    -addext 'keyUsage=critical,digitalSignature' -addext 'extendedKeyUsage=serverAuth,clientAuth' \
    -out "$name/node.crt"
  cp ca.crt "$name/ca.crt"
  chmod 644 "$name/ca.crt" "$name/node.crt"
done
chmod 644 ca.crt
