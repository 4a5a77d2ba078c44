#!/bin/sh
# Asks about one person at a payout. Prints the advice: no-record, review, verify-identity or unavailable.
set -eu

agent=${RECOURSE_AGENT:-http://127.0.0.1:4810}
token=${RECOURSE_TOKEN:-}

curl --silent --show-error --fail-with-body "$agent/check" \
  --header 'Content-Type: application/json' \
  --header "Authorization: Bearer $token" \
  --data "{\"identifiers\": {\"email\": \"$1\"}, \"purpose\": \"monetisation\"}" |
  sed 's/.*"advice":"\([a-z-]*\)".*/\1/'
