#!/bin/sh
# Acknowledges one recall, once what was done after the match was undone.
set -eu

agent=${RECOURSE_AGENT:-http://127.0.0.1:4810}
token=${RECOURSE_TOKEN:-}

curl --silent --show-error --fail-with-body "$agent/recalls/$1/acknowledgement" \
  --header 'Content-Type: application/json' \
  --header "Authorization: Bearer $token" \
  --header "Idempotency-Key: $1" \
  --data '{"action": "undone", "copies": "deleted"}'
