"""Records a sanction for a ticket scam, with a file as evidence, and has its creator told. Prints the link of the case."""

import base64
import json
import os
import pathlib
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

AGENT = os.environ.get("RECOURSE_AGENT", "http://127.0.0.1:4810")
BEARER = {"Authorization": "Bearer " + os.environ.get("RECOURSE_TOKEN", "")}
email, evidence, ticket = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]


def ago(**time: float) -> str:
    return (datetime.now(timezone.utc) - timedelta(**time)).isoformat()


def written(name: str, content) -> dict:
    """What is written down once beside the evidence: an order that is sent again is the same order."""
    file = evidence.with_suffix(f".{name}.json")
    if not file.exists():
        file.write_text(json.dumps(content))
    return json.loads(file.read_text())


def order(path: str, name: str, body: dict) -> dict:
    """Sends what is to be done. With the same key it is done once, however often it is sent."""
    request = urllib.request.Request(
        f"{AGENT}{path}",
        data=json.dumps(written(name, body)).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": f"{ticket}-{name}", **BEARER},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as refusal:
        problem = json.load(refusal)
        sys.exit(f"{problem['code']}: {problem['title']} {problem['next']} {problem.get('issues', '')}")
    if answer["state"] == "done":
        return answer["result"]
    # The registry is away. The agent has it on its disk; run this again, or ask what became of it.
    sys.exit(f"taken, waits: {AGENT}/outbox/{answer['intent']}")


record = {
    "creator": {"email": {"value": email, "control": "otp", "provenAt": ago(days=60)}},
    "reason": "fraud.scam",
    "action": "account-terminated",
    "incident": {"from": ago(days=30), "to": ago(days=10)},
    "decidedAt": ago(days=2),
    "decidedBy": "human",
    # The bytes are hashed in the agent, and stay with you.
    "evidence": [
        {
            "class": "payment-records",
            "count": 40,
            "content": base64.b64encode(evidence.read_bytes()).decode(),
        }
    ],
    "account": "Sold one ticket to forty people and delivered none. Found by the complaints of buyers.",
    "policy": 0,
    "origin": "user-report",
    "attest": ["no-authority", "no-takeover"],
    "age": "adult",
}
recorded = order("/sanctions", "record", record)

# Keep each opening beside its bytes: an appeal asks for both, and without the salt it is lost.
written("openings", recorded["evidence"])

# Here you write to the creator, with the link in the letter. It goes nowhere else, into no log either.
# The registry writes to every address of the record.
notice = {"language": "en", "email": [email]}
order(f"/sanctions/{recorded['sanction']}/notice", "notice", notice)
print(recorded["caseLink"])
