#!/bin/sh
# Asks about one person at a payout. Prints the advice: no-record, review, verify-identity or unavailable.
set -eu

agent=${RECOURSE_AGENT:-http://localhost:4810}

curl --silent --show-error --fail-with-body "$agent/check" \
  --header 'Content-Type: application/json' \
  --data "{\"identifiers\": {\"email\": \"$1\"}, \"purpose\": \"monetisation\"}" |
  sed 's/.*"advice":"\([a-z-]*\)".*/\1/'
