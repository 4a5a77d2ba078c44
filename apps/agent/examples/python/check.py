"""Asks about one person at a payout. Prints the advice."""

import json
import os
import sys
import urllib.request

AGENT = os.environ.get("RECOURSE_AGENT", "http://127.0.0.1:4810")
BEARER = {"Authorization": "Bearer " + os.environ.get("RECOURSE_TOKEN", "")}


def check(email: str) -> dict:
    question = {"identifiers": {"email": email}, "purpose": "monetisation"}
    request = urllib.request.Request(
        f"{AGENT}/check",
        data=json.dumps(question).encode(),
        headers={"Content-Type": "application/json", **BEARER},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


answer = check(sys.argv[1])
if answer["advice"] == "unavailable":
    # The registry is away. Go on with the payout, and ask again later: nothing is known.
    print(f"unavailable, ask again in {answer['retryAfterSeconds']} s", file=sys.stderr)
# A match is a reason for a person to look, never the sole basis of a decision.
for match in answer["matches"]:
    print(match.get("reason", "withheld"), match["match"], file=sys.stderr)
print(answer["advice"])
